import { afterWait, begin, perform } from "@arborio/core/lowlevel";
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
  const { signal } = options;
  checkHandshakeTimeout(options.handshakeTimeout);
  boundsOf(options);
  const make = (listener: TcpListener): TlsListener<TcpListener> => new TlsListener(listener, options);
  const open = async (): Promise<TcpListener> => {
    const tls = netPart("tls", "listen", signal);
    requireTls(tls, side, signal);
    await perform(async () => tls.prepare?.(side.server!), { signal, waitingFor: "TLS to be ready" });
    return createTcpListener(options);
  };
  return afterWait(begin(open, undefined), make);
}
