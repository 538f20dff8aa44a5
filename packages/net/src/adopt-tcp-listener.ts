import type { WaitOptions } from "@arborio/core";
import { capability } from "@arborio/core/lowlevel";
import { TcpSocketListener, type TcpListener } from "./tcp-listener.ts";

/**
 * Makes a listener of one that the host's own means made: a listening `net.Server` of Node, a `Deno.TcpListener`. From then
 * on it is the listener's alone: closing that closes it.
 *
 * @param options whose `signal` tells the run where there is no ambient context
 * @throws TypeError for what is none, or one whose connections another receives; UnsupportedError where the backend has no
 * network
 */
export function adoptTcpListener(server: unknown, { signal }: WaitOptions = {}): TcpListener {
  return new TcpSocketListener(capability("net", "adopt the listener", signal).adoptListener(server));
}
