import type { RawListener, RawListenOptions, RawTcpSocket } from "@arborio/core/backend";
import { afterWait, begin, perform } from "@arborio/core/lowlevel";
import { checkCount, checkHost, checkPort } from "./arguments.ts";
import { netPart } from "./backend.ts";
import { createTcpListener, type TcpListenerOptions } from "./create-tcp-listener.ts";
import { SocketListener, type TcpListener } from "./tcp-listener.ts";
import type { TcpStream } from "./tcp-stream.ts";
import { checkHandshakeTimeout, TlsListener, type TlsListenerOptions } from "./tls-listener.ts";
import { requireTls, serverSide } from "./tls-options.ts";

/** Where and how a TLS listener listens. */
export interface CreateTlsListenerOptions extends TcpListenerOptions, TlsListenerOptions<TcpStream> {}

/**
 * Listens for TCP connections that speak TLS from the beginning; where it listens is `listener.localAddress` of what it gives.
 * The listener is the caller's to close.
 *
 * **Cancellation**, **Throws** as `createTcpListener`; UnsupportedError also where the backend has no TLS, or cannot do what
 * is asked of it.
 */
export function createTlsListener(options: CreateTlsListenerOptions): Promise<TlsListener<TcpListener>> {
  const side = serverSide(options);
  checkHandshakeTimeout(options.handshakeTimeout);
  const make = (listener: TcpListener): TlsListener<TcpListener> => new TlsListener(listener, options);
  const open = (): Promise<TcpListener> => {
    const tls = netPart("tls", "listen", options.signal);
    requireTls(tls, side, options.signal);
    if (tls.accept !== undefined || tls.listen === undefined) return createTcpListener(options);
    return openNative((where) => tls.listen!(where, side.server!), options);
  };
  return afterWait(begin(open, undefined), make);
}

/** Where the host speaks TLS on connections of its own TLS listeners alone. */
function openNative(
  listen: (where: RawListenOptions) => Promise<RawListener<RawTcpSocket>>,
  options: CreateTlsListenerOptions,
): Promise<TcpListener> {
  const { host = "127.0.0.1", port = 0, backlog, signal } = options;
  const where = {
    address: checkHost("listen", host),
    port: checkPort("listen", port, 0),
    ...(backlog === undefined ? {} : { backlog: checkCount("listen", "backlog", backlog) }),
  };
  return perform<TcpListener>(() => listen(where).then((raw) => new SocketListener(raw)), {
    signal,
    waitingFor: `port ${String(port)} to listen`,
    discard: (late) => late.closeForcefully(),
  });
}
