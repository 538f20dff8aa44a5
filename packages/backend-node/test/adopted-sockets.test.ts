import { nodeBackend } from "@arborio/backend-node";
import type { NetBackend, RawTcpSocket } from "@arborio/core/backend";
import { once } from "node:events";
import { connect, createServer, Socket, type AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import { expect, test } from "vitest";

const net = nodeBackend().net as NetBackend;

/** A socket as a program of Node's would have it, and its peer. */
async function withSocket(fn: (socket: Socket, peer: Socket) => Promise<void>): Promise<void> {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [[peer]] = (await Promise.all([once(server, "connection"), once(socket, "connect")])) as [
    [Socket],
    [],
  ];
  server.close();
  try {
    await fn(socket, peer);
  } finally {
    for (const open of [socket, peer]) open.destroy();
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function readAll(socket: RawTcpSocket): Promise<string> {
  let all = "";
  for (let chunk = await socket.read(3); chunk !== null; chunk = await socket.read(3)) all += text(chunk);
  return all;
}

test("adoptSocket: bytes that Node had read, and those to come, are read in their order", async () => {
  await withSocket(async (socket, peer) => {
    socket.once("readable", () => {});
    peer.write("read by Node; ");
    await once(socket, "readable");
    expect(socket.readableLength).toBe(14);
    const adopted = net.adoptSocket(socket);
    peer.end("then by us");
    expect(await readAll(adopted)).toBe("read by Node; then by us");
    await adopted.close();
  });
});

test("adoptSocket: bytes that are given back to the socket are read first", async () => {
  await withSocket(async (socket, peer) => {
    peer.write("line\nrest");
    const [chunk] = (await once(socket, "data")) as [Buffer];
    socket.pause();
    socket.unshift(chunk.subarray(5));
    const adopted = net.adoptSocket(socket);
    peer.end(" and more");
    expect(await readAll(adopted)).toBe("rest and more");
    await adopted.close();
  });
});

test("adoptSocket: the peer's end does not close this side, though Node would have", async () => {
  await withSocket(async (socket, peer) => {
    const adopted = net.adoptSocket(socket);
    peer.end();
    expect(await adopted.read(1)).toBe(null);
    await adopted.write(new TextEncoder().encode("still open"));
    expect(String(((await once(peer, "data")) as [Buffer])[0])).toBe("still open");
    await adopted.close();
  });
});

test("adoptSocket: not one that is not connected, is destroyed, gives text, or speaks TLS", async () => {
  const refused = new TypeError(
    "Cannot adopt the socket: it must be a connected TCP socket of node:net, and give bytes",
  );
  expect(() => net.adoptSocket(new Socket())).toThrow(refused);
  await withSocket(async (socket) => {
    expect(() => net.adoptSocket(socket.setEncoding("utf8"))).toThrow(refused);
  });
  await withSocket(async (socket) => {
    const secure = new TLSSocket(socket);
    secure.on("error", () => {});
    expect(() => net.adoptSocket(secure)).toThrow(refused);
    secure.destroy();
  });
  await withSocket(async (socket) => {
    socket.destroy();
    expect(() => net.adoptSocket(socket)).toThrow(refused);
  });
});
