import { nodeBackend } from "@arborio/backend-node";
import type { RawTcpSocket } from "@arborio/core/backend";
import type { Socket } from "node:net";
import { expect, test } from "vitest";

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

test("an end that is asked for a reset behind it stays an end, also where the host shows no descriptor", async () => {
  const { versions } = process;
  Object.defineProperty(process, "versions", { value: { ...versions, uv: "1.51.0" }, configurable: true });
  try {
    for (const shown of [true, false])
      await usePair(async (client, server) => {
        const { _handle } = socketOf(server) as unknown as { _handle: object };
        if (!shown) Object.defineProperty(_handle, "fd", { value: undefined });
        await client.write(new Uint8Array([1]));
        await client.close();
        expect([...(await server.read(CHUNK))!]).toEqual([1]);
        expect(await server.read(CHUNK)).toBeNull();
      });
  } finally {
    Object.defineProperty(process, "versions", { value: versions, configurable: true });
  }
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
