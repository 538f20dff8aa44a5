import type { WaitOptions } from "@arborio/core";
import { capability, perform } from "@arborio/core/lowlevel";
import { checkHost, checkPort } from "./arguments.ts";
import { TcpSocketStream, type TcpStream } from "./tcp-stream.ts";

/**
 * Connects by TCP. The stream is the caller's to close.
 *
 * **Cancellation** The attempt ends, and what it opened is closed.
 *
 * **Throws** OSError, as `ECONNREFUSED` or `ENOTFOUND`, that names the address; UnsupportedError where the backend has no
 * network. TypeError and RangeError for bad arguments, at once.
 *
 * @param host a name or a numeric address; the system resolves names
 */
export function connectTcp(host: string, port: number, options: WaitOptions = {}): Promise<TcpStream> {
  const where = { address: checkHost("connect", host), port: checkPort("connect", port, 1) };
  return perform<TcpStream>(
    (aborted) =>
      capability("net", "connect", options.signal)
        .connectTcp(where, aborted)
        .then((raw) => new TcpSocketStream(raw)),
    {
      signal: options.signal,
      waitingFor: `a connection to ${host} port ${String(port)}`,
      discard: (late) => late.closeForcefully(),
    },
  );
}
