import { isError } from "@arborio/core";
import type { NetBackend } from "@arborio/core/backend";
import { capability } from "@arborio/core/lowlevel";
import {
  connectTcp,
  createMultiListener,
  createTcpListener,
  type TcpListener,
  type TcpStream,
} from "@arborio/net";
import type { Listener } from "@arborio/streams";
import { ok, rejection } from "./assert.ts";
import type { Register } from "./suite.ts";

/** A listener that is tested, and how to connect to it: to the first of its sockets, to the second, in turn. */
export interface Listening {
  readonly listener: Listener<TcpStream>;
  readonly connect: () => Promise<TcpStream>;
}

/** Listeners of one socket, and of several. What the machine does not have is undefined. */
const KINDS: readonly (readonly [string, () => Promise<readonly TcpListener[]>])[] = [
  ["IPv4", async () => [await createTcpListener()]],
  ["IPv6", async () => [await createTcpListener({ host: "::1" })]],
  ["IPv4 and IPv6", async () => [await createTcpListener(), await createTcpListener({ host: "::1" })]],
];

/** Registers a test of a listener, for each kind; on a machine without IPv6 the last two have nothing to test. */
export function onEachKind({ run }: Register, title: string, fn: (given: Listening) => Promise<void>): void {
  for (const [kind, listen] of KINDS) {
    run(`${title} (${kind})`, async () => {
      const listeners = await listen().catch(withoutIPv6);
      if (listeners === undefined) return;
      const listener = listeners.length === 1 ? listeners[0]! : createMultiListener<TcpStream>(listeners);
      let next = 0;
      const connect = (): Promise<TcpStream> => {
        const { address, port } = listeners[next++ % listeners.length]!.localAddress;
        return connectTcp(address, port);
      };
      try {
        await fn({ listener, connect });
      } finally {
        await listener[Symbol.asyncDispose]();
      }
    });
  }
}

/** Passes over an error that says that the machine has no IPv6. */
export function withoutIPv6(error: unknown): undefined {
  const missing = isError(error, "OSError") && ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(error.code);
  if (!missing) throw error;
}

/** What the current backend's network cannot do. */
export function lacking(): NetBackend["lacks"] {
  return capability("net", "look").lacks;
}

/** Checks that the other side has closed the connection, and closes it. */
export async function seesItsEnd(client: TcpStream, what: string): Promise<void> {
  const { name } = (await rejection(client.receive(), what)) as Error;
  ok(["EndOfStream", "BrokenResourceError"].includes(name), `${what}: an end, received ${name}`);
  await client.close();
}
