import type { RawSocket, RawTcpSocket, SocketAddress } from "@arborio/core/backend";
import { DenoByteStream } from "./byte-stream.ts";
import type { DenoAddress, DenoConnection, DenoStreamConnection } from "./host-types.ts";
import type { Attempt } from "./os-error.ts";

/** The ends of a connection, and what its errors call it. */
export interface Ends<A> {
  readonly localAddress: A;
  readonly remoteAddress: A;
  readonly named: Omit<Attempt, "syscall">;
}

/** A connected socket, of any kind. */
export class DenoStreamSocket<A, C extends DenoStreamConnection>
  extends DenoByteStream<C>
  implements RawSocket<A>
{
  readonly localAddress: A;
  readonly remoteAddress: A;

  constructor(connection: C, { localAddress, remoteAddress, named }: Ends<A>) {
    super(connection, named);
    this.localAddress = localAddress;
    this.remoteAddress = remoteAddress;
  }
}

/** A TCP connection. */
export class DenoSocket extends DenoStreamSocket<SocketAddress, DenoConnection> implements RawTcpSocket {
  /** @param scope of its addresses, if they are link-local: Deno does not tell it */
  constructor(connection: DenoConnection, scope?: string) {
    const remoteAddress = socketAddress(connection.remoteAddr, scope);
    super(connection, {
      localAddress: socketAddress(connection.localAddr, scope),
      remoteAddress,
      named: { address: formatAddress(remoteAddress.address, remoteAddress.port) },
    });
    connection.setNoDelay(true);
  }

  setNoDelay(on: boolean): void {
    this.setOption(() => this.connection.setNoDelay(on));
  }

  // Deno sets no delay: the system's.
  setKeepAlive(on: boolean): void {
    this.setOption(() => this.connection.setKeepAlive(on));
  }
}

/** A connection that Deno made, and that is open. */
export function adoptSocket(connection: unknown): RawTcpSocket {
  const { localAddr, setKeepAlive } = Object(connection) as Partial<DenoConnection>;
  try {
    if (localAddr !== undefined && typeof setKeepAlive === "function")
      return new DenoSocket(connection as DenoConnection);
  } catch {
    // It was closed: it takes no option.
  }
  throw new TypeError("Cannot adopt the socket: it must be an open Deno.TcpConn");
}

/** Deno's address in the contract's terms: an IPv4 peer of a dual-stack listener is one. */
export function socketAddress({ hostname: given, port }: DenoAddress, scope?: string): SocketAddress {
  const hostname = given.replace(/^::ffff:(?=[\d.]+$)/, "");
  const address = scope !== undefined && /^fe80:/i.test(hostname) ? `${hostname}%${scope}` : hostname;
  return { address, port, family: hostname.includes(":") ? "ipv6" : "ipv4" };
}

/** `eth0` of `fe80::1%eth0`. */
export function scopeOf(address: string): string | undefined {
  return address.split("%")[1];
}

/** As `127.0.0.1:80` or `[::1]:80`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
