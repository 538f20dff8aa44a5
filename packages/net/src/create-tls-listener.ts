import { afterWait, begin } from "@arborio/core/lowlevel";
import { netPart } from "./backend.ts";
import { createTcpListener, openTcpListener, type TcpListenerOptions } from "./create-tcp-listener.ts";
import type { TcpListener } from "./tcp-listener.ts";
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
    // The host speaks TLS on connections of its own TLS listeners alone.
    return openTcpListener(options, (where) => tls.listen!(where, side.server!));
  };
  return afterWait(begin(open, undefined), make);
}
