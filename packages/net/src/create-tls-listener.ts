import { afterWait, begin } from "@arborio/core/lowlevel";
import { netPart } from "./backend.ts";
import { createTcpListener, type TcpListenerOptions } from "./create-tcp-listener.ts";
import type { TcpListener } from "./tcp-listener.ts";
import type { TcpStream } from "./tcp-stream.ts";
import { boundsOf, checkHandshakeTimeout, TlsListener, type TlsListenerOptions } from "./tls-listener.ts";
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
  boundsOf(options);
  const make = (listener: TcpListener): TlsListener<TcpListener> => new TlsListener(listener, options);
  const open = (): Promise<TcpListener> => {
    requireTls(netPart("tls", "listen", options.signal), side, options.signal);
    return createTcpListener(options);
  };
  return afterWait(begin(open, undefined), make);
}
