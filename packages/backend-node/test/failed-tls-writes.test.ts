import { nodeBackend } from "@arborio/backend-node";
import { certificates } from "@arborio/conformance";
import type { RawStream, RawTlsStream } from "@arborio/core/backend";
import { expect, test } from "vitest";

const net = nodeBackend().net!;
const { signal } = new AbortController();
const FAR_MORE_THAN_IS_READ_AHEAD = 1 << 19;

const BROKEN = { name: "OSError", cause: { message: "broken" } };

/** A transport on which writes, or writes and reads, fail from some moment on. */
class Failing implements RawStream {
  fails: "nothing" | "writes" | "all" = "nothing";
  private readonly raw: RawStream;

  constructor(raw: RawStream) {
    this.raw = raw;
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return this.fails === "all" ? Promise.reject(new Error("broken")) : this.raw.read(maxBytes);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.fails === "nothing" ? this.raw.write(bytes) : Promise.reject(new Error("broken"));
  }

  shutdown(): Promise<void> {
    return this.raw.shutdown();
  }

  close(): Promise<void> {
    return this.raw.close();
  }
}

test("what TLS has not read when a write fails is read all the same, to the end", () =>
  usePair(async (client, server, transport) => {
    const sending = server.write(new Uint8Array(FAR_MORE_THAN_IS_READ_AHEAD)).then(() => server.shutdown());
    transport.fails = "writes";
    await expect(client.write(new Uint8Array(1))).rejects.toMatchObject(BROKEN);
    expect(await countToEnd(client)).toBe(FAR_MORE_THAN_IS_READ_AHEAD);
    await sending;
    await expect(client.write(new Uint8Array(1))).rejects.toMatchObject(BROKEN);
    await expect(client.shutdown()).rejects.toMatchObject(BROKEN);
  }));

test("what TLS has read when a read fails is read, and then the failure, again and again", () =>
  usePair(async (client, server, transport) => {
    await server.write(new Uint8Array([1, 2, 3]));
    expect([...(await client.read(1))!]).toEqual([1]);
    transport.fails = "all";
    // For the read that is under way already.
    await server.write(new Uint8Array([4]));
    expect([...(await client.read(9))!, ...(await client.read(9))!]).toEqual([2, 3, 4]);
    for (let i = 0; i < 2; i++) await expect(client.read(1)).rejects.toMatchObject(BROKEN);
  }));

async function countToEnd(stream: RawStream): Promise<number> {
  let count = 0;
  for (let bytes = await stream.read(65_536); bytes !== null; bytes = await stream.read(65_536))
    count += bytes.length;
  return count;
}

async function usePair(
  fn: (client: RawTlsStream, server: RawTlsStream, transport: Failing) => Promise<void>,
): Promise<void> {
  const { authority, server: own } = await certificates();
  const listener = await net.listenTcp({ address: "127.0.0.1", port: 0 });
  const { address, port } = listener.localAddress;
  const [below, accepted] = await Promise.all([net.connectTcp({ address, port }, signal), listener.accept()]);
  const transport = new Failing(below);
  const sides = {
    client: { serverName: "localhost", verify: true, ca: [authority] },
    server: { ...own, clientCertificate: "none" },
  } as const;
  const [client, server] = await Promise.all([
    net.tls!.wrap!(transport, { client: sides.client }, signal),
    net.tls!.wrap!(accepted, { server: sides.server }, signal),
  ]);
  try {
    await fn(client, server, transport);
  } finally {
    await Promise.all([client, server, listener].map((open) => open.close()));
  }
}
