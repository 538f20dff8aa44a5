import type { WaitOptions } from "@arborio/core";
import type { RawTlsSide } from "@arborio/core/backend";
import { settling } from "@arborio/core/lowlevel";
import type { ByteStream } from "@arborio/streams";
import { TlsHandshake } from "./tls-handshake.ts";
import { clientSide, serverSide, type TlsClientOptions, type TlsServerOptions } from "./tls-options.ts";
import type { TlsStream } from "./tls-stream.ts";

/** The client's side of {@link wrapTls}. */
export interface TlsClientSide extends TlsClientOptions, WaitOptions {
  readonly serverName: string;
  readonly serverSide?: false | undefined;
}

/** The server's side of {@link wrapTls}. */
export interface TlsServerSide extends TlsServerOptions, WaitOptions {
  readonly serverSide: true;
}

/**
 * Speaks TLS over a byte stream from now on, as STARTTLS asks for, and takes it over: closing the TLS stream closes what
 * is below it. A stream of this package's is then unusable itself (ClosedResourceError); any other must not be used.
 *
 * **Cancellation** The handshake ends, and the connection is closed. In a scope cancelled before, nothing has happened.
 *
 * **Throws** OSError with `syscall` `handshake`, and the connection is closed: code `ERR_TLS_CERTIFICATE` if this side
 * refused the other's certificate, `EPROTO` if the two could not agree, `ECONNRESET` if the other side left; the host's
 * own error is the cause. ClosedResourceError, BusyResourceError and BrokenResourceError as `send` does.
 * UnsupportedError, and nothing has happened, where the host cannot do what is asked for. TypeError for bad
 * options, at once; for a certificate or key that the host cannot read, later.
 *
 * @param options of a server, read once: the same object makes the same keys and sessions
 */
export function wrapTls(stream: ByteStream, options: TlsClientSide | TlsServerSide): Promise<TlsStream> {
  if (typeof (stream as Partial<ByteStream> | undefined)?.closeForcefully !== "function")
    throw new TypeError(`Cannot start TLS: it takes a byte stream, received ${typeof stream}`);
  const { standardCompatible = true, signal } = options;
  const side = options.serverSide === true ? serverSide(options) : clientSide(options);
  return settling(startTls(stream, side, standardCompatible, { signal }), (tls) => tls);
}

/** {@link wrapTls} with options that were checked. */
export async function startTls(
  stream: ByteStream,
  side: RawTlsSide,
  standardCompatible: boolean,
  options: WaitOptions,
): Promise<TlsStream> {
  const handshake = new TlsHandshake(stream, side, standardCompatible);
  if (side.server === undefined) return handshake.shake(options);
  await handshake.hear(options);
  try {
    return await handshake.shake(options);
  } catch (error) {
    // Cancelled in between: it has begun no handshake that would close the connection.
    handshake.closeForcefully();
    throw error;
  }
}
