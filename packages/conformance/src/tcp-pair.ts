import { connectTcp, createTcpListener, type TcpListener, type TcpStream } from "@arborio/net";
import type { Register } from "./suite.ts";

/** Both ends of a connection, and the listener it came by. */
export interface TcpPair {
  readonly listener: TcpListener;
  readonly client: TcpStream;
  readonly server: TcpStream;
}

/** Registers a test of a connection; all is closed after it. */
export function withTcpPair({ run }: Register, title: string, fn: (pair: TcpPair) => Promise<void>): void {
  run(title, async () => {
    const listener = await createTcpListener();
    const [client, server] = await Promise.all([
      connectTcp("127.0.0.1", listener.localAddress.port),
      listener.accept(),
    ]);
    try {
      await fn({ listener, client, server });
    } finally {
      for (const open of [client, server, listener]) await open[Symbol.asyncDispose]();
    }
  });
}
