import type { ByteStreamConnectable } from "@arborio/streams";
import { show } from "./arguments.ts";
import { TcpConnectable } from "./tcp-connectable.ts";

/** What {@link asConnectable} takes: a host and its port, or what can be connected to already. */
export type ConnectableLike = ByteStreamConnectable | readonly [host: string, port: number];

/**
 * What to connect to, in whichever form a program was given it: `[host, port]` is a {@link TcpConnectable}; a connectable is
 * itself.
 *
 * @throws TypeError for anything else, and for a host that is none; RangeError for a bad port
 */
export function asConnectable(remote: ConnectableLike): ByteStreamConnectable {
  if (isEndpoint(remote)) return new TcpConnectable(remote[0], remote[1]);
  if (typeof (remote as ByteStreamConnectable | null | undefined)?.connect === "function") return remote;
  throw new TypeError(`Cannot connect: it takes [host, port] or a connectable, received ${show(remote)}`);
}

function isEndpoint(remote: ConnectableLike): remote is readonly [host: string, port: number] {
  return Array.isArray(remote) && remote.length === 2;
}
