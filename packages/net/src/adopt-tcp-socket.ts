import type { WaitOptions } from "@arborio/core";
import { capability } from "@arborio/core/lowlevel";
import { TcpSocketStream, type TcpStream } from "./tcp-stream.ts";

/**
 * A connection that the host's own means made, as a `TcpStream`: a `net.Socket` on Node, a `Deno.TcpConn` on Deno. From then on it
 * is the stream's alone; bytes that the host has read and given to nobody are received first.
 *
 * @param options `{ signal }`, by which the run is known where there is no ambient context
 * @throws TypeError if it is none, or not connected; UnsupportedError where the backend has no network
 */
export function adoptTcpSocket(socket: unknown, { signal }: WaitOptions = {}): TcpStream {
  return new TcpSocketStream(capability("net", "adopt the socket", signal).adoptSocket(socket));
}
