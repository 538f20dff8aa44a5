import type { WaitOptions } from "@arborio/core";
import { capability, perform } from "@arborio/core/lowlevel";
import { checkCount, checkHost, checkPort } from "./arguments.ts";
import { SocketListener, type TcpListener } from "./tcp-listener.ts";
import { TcpSocketStream } from "./tcp-stream.ts";

/** Where a listener listens. */
export interface TcpListenerOptions extends WaitOptions {
  /**
   * A name or a numeric address of this machine, by default `127.0.0.1`: only this machine can connect. `0.0.0.0` is every
   * IPv4 interface, `::` every interface. (AnyIO's default is all of them; here a program that is to be reached says so.)
   */
  readonly host?: string | undefined;
  /** By default 0: the system chooses a free one, see `localAddress`. */
  readonly port?: number | undefined;
  /** How many connections may wait to be accepted; by default the system's choice, which also caps it. */
  readonly backlog?: number | undefined;
}

/**
 * Listens for TCP connections. The listener is the caller's to close.
 *
 * **Cancellation** A listener that is ready too late is closed.
 *
 * **Throws** OSError, as `EADDRINUSE`, that names the address; UnsupportedError where the backend has no network. TypeError
 * and RangeError for bad options, at once.
 */
export function createTcpListener(options: TcpListenerOptions = {}): Promise<TcpListener> {
  const { host = "127.0.0.1", port = 0, backlog, signal } = options;
  const where = {
    address: checkHost("listen", host),
    port: checkPort("listen", port, 0),
    ...(backlog === undefined ? {} : { backlog: checkCount("listen", "backlog", backlog) }),
  };
  return perform<TcpListener>(
    () =>
      capability("net", "listen", signal)
        .listenTcp(where)
        .then(
          (raw) =>
            new SocketListener(
              raw,
              `port ${String(raw.localAddress.port)}`,
              (socket) => new TcpSocketStream(socket),
            ),
        ),
    { signal, waitingFor: `port ${String(port)} to listen`, discard: (late) => late.closeForcefully() },
  );
}
