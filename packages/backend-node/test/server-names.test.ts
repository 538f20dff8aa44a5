// What a client asks for by SNI comes from anybody: it may be no name at all.
import { certificates } from "@arborio/conformance";
import { isError, run } from "@arborio/core";
import { createTlsListener } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { nodeBackend } from "@arborio/backend-node";

/** What a server is told of a client that asks for that name, and the names for which `forName` was asked. */
async function asking(
  servername: string,
  forName: (name: string) => unknown,
): Promise<{ told: Error; asked: string[] }> {
  const asked: string[] = [];
  const answer = (name: string): never => {
    asked.push(name);
    return forName(name) as never;
  };
  let told: unknown;
  const { server } = await certificates();
  await run(
    async () => {
      const listener = await createTlsListener({
        ...server,
        forName: answer,
        onHandshakeError: (error) => {
          told = error;
        },
      });
      const { port } = listener.listener.localAddress;
      await taskGroup(async (group) => {
        group.spawn(() => listener.serve(() => {}).catch((error: unknown) => void (told ??= error)), {
          daemon: true,
        });
        const client = connect({ port, host: "127.0.0.1", servername, rejectUnauthorized: false });
        client.on("error", () => {});
        await new Promise((resolve) => client.once("close", resolve));
      });
      await listener.close();
    },
    { backend: nodeBackend() },
  );
  return { told: told as Error, asked };
}

// On Deno no client can be made to ask for these.
test
  .skipIf("Deno" in globalThis)
  .each([["../../etc/passwd"], ["a\nb"], ["\u001b[2Jx"], ["a b"], ["x".repeat(64)], ["."]])(
  "SNI: %j is no host name: the handshake fails, forName is not asked, the message is one short line",
  async (name) => {
    const { told, asked } = await asking(name, () => undefined);
    expect(asked).toEqual([]);
    expect(isError(told, "OSError")).toBe(true);
    expect(told.message).toMatch(/^Cannot handshake 127\.0\.0\.1:\d+: [^\p{Cc}]+$/u);
    expect(told.message).toContain("which is no host name");
    expect(told.message.length).toBeLessThanOrEqual(300);
  },
);

test.each<[string, () => unknown]>([
  ["a promise", async () => null],
  ["a promise that rejects", () => Promise.reject(new Error("later"))],
  ["a text", () => "certificate"],
  ["no key", () => ({ certificate: "-----BEGIN CERTIFICATE-----" })],
])("SNI: forName that returns %s fails the handshake, and says so", async (_, found) => {
  const { told, asked } = await asking("other.example", found);
  expect(asked).toEqual(["other.example"]);
  const texts = [told, told.cause].map((error) => String((error as Error | undefined)?.message));
  expect(texts.join("\n")).toMatch(/Cannot start TLS: .*forName must/);
});
