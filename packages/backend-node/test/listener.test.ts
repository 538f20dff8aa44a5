import { nodeBackend } from "@arborio/backend-node";
import type { NetBackend } from "@arborio/core/backend";
import { connect, createServer, type AddressInfo, type Server, type ServerOpts } from "node:net";
import { describe, expect, test, vi } from "vitest";

describe("what a Node lacks", () => {
  test.each([
    ["20.20.2", "linux", ["reuse-port", "udp-reuse-port"]],
    ["22.11.0", "linux", ["reuse-port", "udp-reuse-port"]],
    ["22.12.0", "linux", []],
    ["23.0.0", "linux", ["reuse-port", "udp-reuse-port"]],
    ["23.1.0", "linux", []],
    ["26.10.0", "freebsd", []],
    ["26.10.0", "darwin", ["reuse-port", "udp-reuse-port"]],
    ["26.10.0", "win32", ["reuse-port", "udp-reuse-port"]],
    ["26.10.0", "openbsd", ["reuse-port", "udp-reuse-port", "dual-stack"]],
  ])("%s on %s: %j", async (version, platform, lacks) => {
    const versions = { value: { ...process.versions, node: version } };
    vi.stubGlobal("process", Object.create(process, { versions, platform: { value: platform } }));
    vi.resetModules();
    try {
      const fresh = await import("@arborio/backend-node");
      expect([...fresh.nodeBackend().net!.lacks]).toEqual(lacks);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

// Deno's and Bun's node:net are not what this backend is for.
describe.skipIf("Deno" in globalThis)("a server of node:net", () => {
  const net = nodeBackend().net as NetBackend;

  async function listening(options: ServerOpts = {}, handler?: () => void): Promise<Server> {
    const server = createServer(options);
    if (handler) server.on("connection", handler);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  test("adoptListener: it accepts, keeps half-closed connections open, and closes it", async () => {
    const server = await listening();
    const listener = net.adoptListener(server);
    expect(listener.handle).toBe(server);
    expect(listener.localAddress).toEqual({ address: "127.0.0.1", port: portOf(server), family: "ipv4" });
    const client = connect({ port: portOf(server), host: "127.0.0.1", allowHalfOpen: true });
    const socket = await listener.accept();
    client.end("last");
    expect(String(Buffer.from((await socket.read(9))!))).toBe("last");
    expect(await socket.read(9)).toBe(null);
    await socket.write(new Uint8Array([65]));
    const answer = await new Promise((resolve) => client.once("data", resolve));
    expect(String(answer)).toBe("A");
    await socket.close();
    await listener.close();
    expect(server.listening).toBe(false);
    client.destroy();
  });

  test("adoptListener: one that does not listen, or whose connections another receives, is a TypeError", async () => {
    const [used, free] = [await listening({}, () => {}), createServer()];
    expect(() => net.adoptListener(used)).toThrow(
      new TypeError("Cannot adopt the listener: its connections are handled already"),
    );
    const reason = "Cannot adopt the listener: it must be a listening TCP server of node:net";
    for (const wrong of [free, undefined, {}, connect])
      expect(() => net.adoptListener(wrong)).toThrow(reason);
    used.close();
  });

  test("adoptListener: once closed its port is free, also if an accept waited", async () => {
    const server = await listening();
    const port = portOf(server);
    const listener = net.adoptListener(server);
    const waiting = expect(listener.accept()).rejects.toMatchObject({ code: "EBADF" });
    void listener.close();
    await listener.close();
    await (await net.listenTcp({ address: "127.0.0.1", port })).close();
    await waiting;
  });

  test("an error of accept rejects the call that waits; without one it is nobody's", async () => {
    const listener = await net.listenTcp({ address: "127.0.0.1", port: 0 });
    const server = listener.handle as Server;
    const fault = Object.assign(new Error("too many"), { code: "EMFILE", syscall: "accept" });
    server.emit("error", fault);
    const accepting = listener.accept();
    server.emit("error", fault);
    await expect(accepting).rejects.toMatchObject({ name: "OSError", code: "EMFILE", syscall: "accept" });
    const client = connect(portOf(server), "127.0.0.1");
    await (await listener.accept()).close();
    await listener.close();
    client.destroy();
  });

  test("what waits beyond the backlog is reset; the rest is accepted", async () => {
    const listener = await net.listenTcp({ address: "127.0.0.1", port: 0, backlog: 2 });
    const clients = Array.from({ length: 5 }, () => connect(portOf(listener.handle as Server), "127.0.0.1"));
    const ends = clients.map(
      (client) =>
        new Promise<string>((resolve) => {
          client.on("error", ({ code }: NodeJS.ErrnoException) => resolve(String(code)));
          client.on("end", () => resolve("end"));
        }),
    );
    const reset = await Promise.race(ends);
    expect(reset).toBe("ECONNRESET");
    for (let i = 0; i < 2; i++) await (await listener.accept()).close();
    await listener.close();
    for (const client of clients) client.destroy();
  });
});
