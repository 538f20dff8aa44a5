import { nodeBackend } from "@arborio/backend-node";
import type { RawTcpSocket } from "@arborio/core/backend";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { resetBehind, takesResetsForEnds } from "../src/reset-behind.ts";

const CHUNK = 65_536;
const net = nodeBackend().net!;

test("at most one chunk is read that nobody asked for, and the next reads get it", () =>
  usePair(async (client, server) => {
    const writing = flood(client);
    const first = (await server.read(CHUNK))!.length;
    await turns();
    const ahead = socketOf(server).bytesRead - first;
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(CHUNK);
    expect(socketOf(server).readableLength).toBe(ahead);
    expect(await server.read(CHUNK)).toHaveLength(ahead);
    await Promise.all([server.close(), client.close(), writing]);
  }));

test("reads that follow one another do not stop the socket", () =>
  usePair(async (client, server) => {
    let stops = 0;
    socketOf(server).on("pause", () => stops++);
    for (let i = 0; i < 10; i++) {
      const reading = server.read(CHUNK);
      await client.write(new Uint8Array([i]));
      expect([...(await reading)!]).toEqual([i]);
    }
    expect(stops).toBe(0);
  }));

test("what a read leaves stays in the socket, where who takes it over finds it", () =>
  usePair(async (client, server) => {
    await client.write(new Uint8Array([1, 2, 3]));
    expect([...(await server.read(1))!]).toEqual([1]);
    await turns();
    expect(socketOf(server).listenerCount("data")).toBe(0);
    expect([...(socketOf(server).read() as Buffer)]).toEqual([2, 3]);
  }));

test("an end is asked for a reset behind it where libuv may have taken that for an end, and on no host that imitates Node", () => {
  for (const [versions, asked] of [
    [{ uv: "1.46.0" }, true],
    [{ uv: "1.51.0" }, true],
    [{ uv: "1.52.1" }, false],
    [{ uv: "1.48.0", bun: "1.4.5" }, false],
    [{ uv: "1.51.0", deno: "2.9.6" }, false],
    [{}, false],
  ] as const)
    expect([versions, takesResetsForEnds(versions)]).toEqual([versions, asked]);
});

test("where the host shows no descriptor, an end stays an end", () => {
  for (const socket of [{}, { _handle: null }, { _handle: { fd: -1 } }])
    expect(resetBehind(socket as unknown as Socket)).toBeUndefined();
});

function socketOf(raw: RawTcpSocket): Socket {
  return raw.handle as Socket;
}

/** Writes until it cannot any more. */
async function flood(socket: RawTcpSocket): Promise<void> {
  try {
    for (;;) await socket.write(new Uint8Array(CHUNK));
  } catch {
    // Closed by the test.
  }
}

async function usePair(fn: (client: RawTcpSocket, server: RawTcpSocket) => Promise<void>): Promise<void> {
  const address = "127.0.0.1";
  const listener = await net.listenTcp({ address, port: 0 });
  const { port } = listener.localAddress;
  const [client, server] = await Promise.all([
    net.connectTcp({ address, port }, new AbortController().signal),
    listener.accept(),
  ]);
  try {
    await fn(client, server);
  } finally {
    await Promise.all([client, server, listener].map((open) => open.close()));
  }
}

/** So many turns of the event loop that what was to be read has been. */
async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
}
