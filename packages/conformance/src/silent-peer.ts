import { connectTcp, createTcpListener, type TcpListener, type TcpStream } from "@arborio/net";
import { certificates } from "./certificates.ts";

/** A peer that speaks only what the test says. */
export async function withSilentPeer(
  fn: (
    connect: () => Promise<unknown>,
    peer: () => Promise<TcpStream>,
    plain: () => Promise<TcpStream>,
  ) => Promise<void>,
): Promise<void> {
  const { authority } = await certificates();
  const listener: TcpListener = await createTcpListener();
  const { port } = listener.localAddress;
  const open: TcpStream[] = [];
  const keep = (stream: TcpStream): TcpStream => {
    open.push(stream);
    return stream;
  };
  try {
    await fn(
      () => connectTcp("127.0.0.1", port, { tls: { ca: authority, serverName: "localhost" } }),
      async () => keep(await listener.accept()),
      async () => keep(await connectTcp("127.0.0.1", port)),
    );
  } finally {
    for (const stream of [...open, listener]) await stream[Symbol.asyncDispose]();
  }
}
