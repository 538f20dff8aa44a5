import { readSync } from "node:fs";
import type { Socket } from "node:net";

/**
 * Why a stream of a socket that has just ended did not end, if the peer cut it off by a reset. Until 1.52 libuv reports an end in
 * place of the reset when it reads the last bytes and learns that the connection is gone in one turn (its #4997). The
 * system still holds the error, and its next read returns it. Node has no public way to read again, so the descriptor
 * is read here; where the host shows none, an end stays an end.
 */
export function resetBehind(socket: Socket): unknown {
  const { fd } = Object((socket as { _handle?: unknown })._handle) as { fd?: unknown };
  if (typeof fd !== "number" || fd < 0 || !takesResetsForEnds(process.versions)) return undefined;
  try {
    readSync(fd, new Uint8Array(1));
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code === "EAGAIN" ? undefined : error;
  }
}

/** Whether the host's libuv does so. What imitates Node has another, and descriptors that may be anything's. */
function takesResetsForEnds({ uv = "", bun, deno }: Readonly<Record<string, string | undefined>>): boolean {
  const [major = 0, minor = 0] = uv.split(".").map(Number);
  return bun === undefined && deno === undefined && major === 1 && minor < 52;
}
