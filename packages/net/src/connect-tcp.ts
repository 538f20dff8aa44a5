import type { WaitOptions } from "@arborio/core";
import { capability, perform } from "@arborio/core/lowlevel";
import { checkHost, checkPort } from "./arguments.ts";
import { TcpSocketStream, type TcpStream } from "./tcp-stream.ts";
import { TlsConnectable } from "./tls-connectable.ts";
import type { TlsClientOptions } from "./tls-options.ts";
import type { TlsStream } from "./tls-stream.ts";

/** How to connect by TCP. */
export interface ConnectTcpOptions extends WaitOptions {
  /** Speak TLS, by these options or the defaults; `serverName` is by default the host. */
  readonly tls?: true | TlsClientOptions | undefined;
}

/**
 * Connects by TCP. The stream is the caller's to close.
 *
 * **Cancellation** The attempt ends, and what it opened is closed.
 *
 * **Throws** OSError, as `ECONNREFUSED` or `ENOTFOUND`, that names the address; UnsupportedError where the backend has no
 * network. TypeError and RangeError for bad arguments, at once. With `tls`, also as `wrapTls` does.
 *
 * @param host a name or a numeric address; the system resolves names
 */
export function connectTcp(
  host: string,
  port: number,
  options: ConnectTcpOptions & { readonly tls: true | TlsClientOptions },
): Promise<TlsStream>;
export function connectTcp(
  host: string,
  port: number,
  options?: WaitOptions & { readonly tls?: undefined },
): Promise<TcpStream>;
export function connectTcp(
  host: string,
  port: number,
  options?: ConnectTcpOptions,
): Promise<TcpStream | TlsStream>;
export function connectTcp(
  host: string,
  port: number,
  { tls, ...options }: ConnectTcpOptions = {},
): Promise<TcpStream | TlsStream> {
  if (tls === undefined) return connectPlain(host, port, options);
  const connectable = { connect: (wait?: WaitOptions) => connectPlain(host, port, wait) };
  const client = tls === true ? {} : tls;
  const serverName = client.serverName ?? checkHost("connect", host);
  return new TlsConnectable(connectable, { ...client, serverName }).connect(options);
}

function connectPlain(host: string, port: number, options: WaitOptions = {}): Promise<TcpStream> {
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
