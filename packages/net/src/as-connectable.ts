import type { ByteStreamConnectable } from "@arborio/streams";
import { show } from "./arguments.ts";
import { TcpConnectable } from "./tcp-connectable.ts";
import { UnixConnectable } from "./unix-connectable.ts";

/** What {@link asConnectable} takes: a host and its port, the path of a UNIX socket, or what can be connected to already. */
export type ConnectableLike = ByteStreamConnectable | readonly [host: string, port: number] | string;

/**
 * What to connect to, in whichever form a program was given it: `[host, port]` is a {@link TcpConnectable}, a string a
 * {@link UnixConnectable} of that path; a connectable is itself.
 *
 * @throws TypeError for anything else, and for a host or path that is none; RangeError for a bad port
 */
export function asConnectable(remote: ConnectableLike): ByteStreamConnectable {
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
