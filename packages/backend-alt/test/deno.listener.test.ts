import { denoBackend } from "@arborio/backend-alt/deno";
import type { NetBackend } from "@arborio/core/backend";
import { expect, test, vi } from "vitest";

/** The network of a Deno of which that is there: its answers are those of Deno 2.9. */
async function netOf(given: object): Promise<NetBackend> {
  vi.stubGlobal("Deno", { build: { os: "linux" }, ...given });
  vi.resetModules();
  try {
    const { denoBackend } = await import("@arborio/backend-alt/deno");
    return denoBackend().net!;
  } finally {
    vi.unstubAllGlobals();
  }
}

const at = (hostname: string): { hostname: string; port: number } => ({ hostname, port: 80 });

test("a shared port is there with --unstable-net only", async () => {
  expect((await netOf({})).lacks.has("reuse-port")).toBe(true);
  expect((await netOf({ listenDatagram: () => {} })).lacks.has("reuse-port")).toBe(false);
});

test("link-local addresses have their scope, which Deno does not tell", async () => {
  const connection = { localAddr: at("fe80::1"), remoteAddr: at("fe80::2"), setNoDelay: () => {} };
  const asked: string[] = [];
  const net = await netOf({
    listen: ({ hostname }: { hostname: string }) => {
      asked.push(hostname);
      return { addr: at("fe80::1"), accept: async () => connection, close: () => {} };
    },
  });
  const listener = await net.listenTcp({ address: "fe80::1%eth0", port: 80 });
  const socket = await listener.accept();
  expect([listener, socket].map(({ localAddress }) => localAddress.address)).toEqual([
    "fe80::1%eth0",
    "fe80::1%eth0",
  ]);
  expect([asked, socket.remoteAddress.address]).toEqual([["fe80::1%eth0"], "fe80::2%eth0"]);
});

interface Host {
  listen(options: { hostname: string; port: number }): { readonly addr: { readonly port: number } };
  connect(options: { hostname: string; port: number }): Promise<{
    readonly localAddr: { readonly port: number };
    close(): void;
  }>;
}

test.runIf("Deno" in globalThis)("adoptListener: a listener of Deno's is one", async () => {
  const { Deno } = globalThis as unknown as { Deno: Host };
  const net = denoBackend().net!;
  const own = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = own.addr;
  const listener = net.adoptListener(own);
  expect([listener.handle === own, listener.localAddress.port]).toEqual([true, port]);
  const [client, socket] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port }),
    listener.accept(),
  ]);
  expect(socket.remoteAddress.port).toBe(client.localAddr.port);
  await socket.close();
  client.close();
  await listener.close();
  expect(() => net.adoptListener({ addr: { path: "/x" }, accept: () => {} })).toThrow(TypeError);
});

test.runIf("Deno" in globalThis)(
  "adoptListener: once closed its port is free, also if an accept waited",
  async () => {
    const { Deno } = globalThis as unknown as { Deno: Host };
    const net = denoBackend().net!;
    for (let i = 0, port = 0; i < 5; i++) {
      const own = Deno.listen({ hostname: "127.0.0.1", port });
      port = own.addr.port;
      const listener = net.adoptListener(own);
      const waiting = expect(listener.accept()).rejects.toMatchObject({ code: "EBADF" });
      void listener.close();
      await listener.close();
      await (await net.listenTcp({ address: "127.0.0.1", port })).close();
      await waiting;
    }
  },
);
