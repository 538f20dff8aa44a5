import type { ByteStreamConnectable } from "@arborio/streams";
import { show } from "@arborio/core/lowlevel";
import { TcpConnectable } from "./tcp-connectable.ts";
import { TlsConnectable } from "./tls-connectable.ts";
import { tlsOption, type TlsClientOptions } from "./tls-options.ts";
import { UnixConnectable } from "./unix-connectable.ts";

/** What {@link asConnectable} takes: a host and its port, the path of a UNIX socket, or what can be connected to already. */
export type ConnectableLike = ByteStreamConnectable | readonly [host: string, port: number] | string;

/** How {@link asConnectable} speaks. */
export interface AsConnectableOptions {
  /**
   * Speak TLS, by these options or the defaults. The `serverName` is by default the host of `[host, port]`; nothing else
   * has one, so there it must be given.
   */
  readonly tls?: true | TlsClientOptions | undefined;
}

/**
 * What to connect to, in whichever form a program was given it: `[host, port]` is a {@link TcpConnectable}, a string a
 * {@link UnixConnectable} of that path; a connectable is itself. With `tls` a {@link TlsConnectable} over that.
 *
 * @throws TypeError for anything else, for a host or path that is none, and for bad options; RangeError for a bad port
 */
export function asConnectable(
  remote: ConnectableLike,
  options: AsConnectableOptions & { readonly tls: true | TlsClientOptions },
): TlsConnectable;
export function asConnectable(remote: ConnectableLike, options?: AsConnectableOptions): ByteStreamConnectable;
export function asConnectable(
  remote: ConnectableLike,
  { tls }: AsConnectableOptions = {},
): ByteStreamConnectable {
  const below = plain(remote);
  if (tls === undefined) return below;
  const options = tlsOption(tls);
  const serverName = options.serverName ?? (isEndpoint(remote) ? remote[0] : undefined);
  if (serverName === undefined)
    throw new TypeError("Cannot connect: TLS without a host needs a serverName, received undefined");
  return new TlsConnectable(below, { ...options, serverName });
}

function plain(remote: ConnectableLike): ByteStreamConnectable {
  if (typeof remote === "string") return new UnixConnectable(remote);
  if (isEndpoint(remote)) return new TcpConnectable(remote[0], remote[1]);
  if (typeof (remote as ByteStreamConnectable | null | undefined)?.connect === "function") return remote;
  throw new TypeError(
    `Cannot connect: it takes [host, port], a path or a connectable, received ${show(remote)}`,
  );
}

function isEndpoint(remote: ConnectableLike): remote is readonly [host: string, port: number] {
  return Array.isArray(remote) && remote.length === 2;
}
