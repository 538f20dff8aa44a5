import { nodeBackend } from "@arborio/backend-node";
import { expect, test } from "vitest";

test("nodeBackend: one for the process, so that all roots share a clock", () => {
  expect(nodeBackend()).toBe(nodeBackend());
});

test("nodeBackend: it has every capability", () => {
  expect(Object.keys(nodeBackend()).sort()).toEqual(
    ["attach", "clock", "fs", "host", "name", "net", "scheduler", "signals"].sort(),
  );
});

test("sockets: bytes that nobody asked for stay in the system", async () => {
  const { net } = nodeBackend();
  const listener = await net!.listenTcp({ address: "127.0.0.1", port: 0 });
  const { signal } = new AbortController();
  const client = await net!.connectTcp({ address: "127.0.0.1", port: listener.localAddress.port }, signal);
  const server = await listener.accept();
  const bytesRead = (): number => (server as unknown as { socket: { bytesRead: number } }).socket.bytesRead;
  await client.write(new Uint8Array(1_000));
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(bytesRead()).toBe(0);
  expect((await server.read(10))?.length).toBe(10);
  for (let more = 0; more < 3; more++) {
    await client.write(new Uint8Array(1_000));
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  }
  // Deno's node:net reads once more before it stops.
  expect(bytesRead()).toBe("Deno" in globalThis ? 2_000 : 1_000);
  await Promise.all([client.close(), server.close(), listener.close()]);
});

test("listener: no more connections than the backlog wait here; the one too many is reset", async () => {
  const { net } = nodeBackend();
  const listener = await net!.listenTcp({ address: "127.0.0.1", port: 0, backlog: 1 });
  const where = { address: "127.0.0.1", port: listener.localAddress.port };
  const { signal } = new AbortController();
  const first = await net!.connectTcp(where, signal);
  const second = net!.connectTcp(where, signal).then((socket) => socket.read(1));
  await expect(second).rejects.toMatchObject({ name: "OSError", code: "ECONNRESET" });
  const accepted = await listener.accept();
  expect(accepted.remoteAddress).toEqual(first.localAddress);
  await Promise.all([first, accepted, listener].map((open) => open.close()));
});

test("sockets: an abort while connecting ends the attempt with its reason", async () => {
  const { net } = nodeBackend();
  const listener = await net!.listenTcp({ address: "127.0.0.1", port: 0 });
  const controller = new AbortController();
  const where = { address: "127.0.0.1", port: listener.localAddress.port };
  const attempt = net!.connectTcp(where, controller.signal);
  controller.abort("enough");
  await expect(attempt).rejects.toBe("enough");
  await listener.close();
});
