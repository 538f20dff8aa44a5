import { readSync } from "node:fs";
import type { Socket } from "node:net";

/**
 * Why a stream of a socket that has just ended did not end, if the peer cut it off by a reset. Node reports an end in place
 * of the reset when it reads the last bytes and learns that the connection is gone in one turn (libuv: a partial read and
 * POLLHUP). The system still holds the error, and its next read returns it. Node has no public way to read again, so the
 * descriptor is read by itself; where the host shows none, an end stays an end.
 */
export function resetBehind(socket: Socket): unknown {
  const { fd } = Object((socket as { _handle?: unknown })._handle) as { fd?: unknown };
  if (typeof fd !== "number" || fd < 0) return undefined;
  try {
    readSync(fd, new Uint8Array(1));
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code === "EAGAIN" ? undefined : error;
  }
}
