import { isError } from "@arborio/core";
import { capability } from "@arborio/core/lowlevel";
import { connectTcp, createTcpListener, type TcpListener, type TcpStream } from "@arborio/net";
import type { Register } from "./suite.ts";

/** Both ends of a connection, and the listener it came by. */
export interface TcpPair {
  readonly listener: TcpListener;
  readonly client: TcpStream;
  readonly server: TcpStream;
  readonly resets: boolean;
}

/** The loopback addresses of both families. */
export const LOOPBACKS: readonly (readonly [family: string, address: string])[] = [
  ["IPv4", "127.0.0.1"],
  ["IPv6", "::1"],
];

/** Registers a test of a connection; all is closed after it. */
export function withTcpPair(
  { run }: Register,
  title: string,
  fn: (pair: TcpPair) => Promise<void>,
  host: string = "127.0.0.1",
): void {
  run(title, async () => {
    const listener = await listenAt(host);
    if (listener === undefined) return;
    const [client, server] = await Promise.all([
      connectTcp(host, listener.localAddress.port),
      listener.accept(),
    ]);
    try {
      await fn({ listener, client, server, resets: !lacksReset() });
    } finally {
      for (const open of [client, server, listener]) await open[Symbol.asyncDispose]();
    }
  });
}

function lacksReset(): boolean {
  return capability("net", "reset").lacks.has("reset");
}

/** A listener; undefined where the machine has no such address, as a container without IPv6. */
export async function listenAt(host: string): Promise<TcpListener | undefined> {
  try {
    return await createTcpListener({ host });
  } catch (error) {
    if (isError(error, "OSError") && ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(error.code)) return undefined;
    throw error;
  }
}
