import { isError, type WaitOptions } from "@arborio/core";
import type {
  RawSocket,
  RawStream,
  RawTlsPending,
  RawTlsSide,
  RawTlsStream,
  TlsBackend,
} from "@arborio/core/backend";
import { markLayer, markOrigin, perform } from "@arborio/core/lowlevel";
import { attributesOf, type ByteStream } from "@arborio/streams";
import { lacking, netPart } from "./backend.ts";
import { SocketStream } from "./socket-stream.ts";
import type { TlsManner } from "./tls-attribute.ts";
import {
  clientSide,
  requireTls,
  serverSide,
  type TlsClientOptions,
  type TlsServerOptions,
} from "./tls-options.ts";
import { TlsSocketStream, type Beneath, type TlsStream } from "./tls-stream.ts";
import { ReadAhead, StreamTransport } from "./transport.ts";

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
  return startTls(stream, side, standardCompatible, { signal });
}

/** {@link wrapTls} with options that were checked. */
export function startTls(
  stream: ByteStream,
  side: RawTlsSide,
  standardCompatible: boolean,
  { signal }: WaitOptions,
): Promise<TlsStream> {
  const manner: TlsManner = { serverSide: side.server !== undefined, standardCompatible };
  const attributes = attributesOf(stream);
  return perform<TlsStream>(
    async (aborted) => {
      const tls = netPart("tls", ACTION, signal);
      requireTls(tls, side, signal);
      const { raw, again } = begin(tls, stream, side, aborted, signal);
      const shaken = await raw.catch((error: unknown) => failed(error, stream));
      const made = markLayer(new TlsSocketStream(shaken, { attributes, again }, manner), stream);
      if (stream instanceof SocketStream) stream.heir = made;
      return made;
    },
    { signal, waitingFor: "a TLS handshake", discard: (late) => late.closeForcefully() },
  );
}

/** What a handshake met is the connection's; what the host says of the options is the program's. */
function failed(error: unknown, stream: ByteStream): never {
  throw isError(error, "OSError") ? markOrigin(error, stream) : error;
}

const ACTION = "start TLS";
const NOTHING = new Uint8Array(0);

/** A handshake under way. */
interface Handshake {
  readonly raw: Promise<RawTlsStream>;
  readonly again: Beneath["again"];
}

function begin(
  tls: TlsBackend,
  stream: ByteStream,
  side: RawTlsSide,
  aborted: AbortSignal,
  signal: AbortSignal | undefined,
): Handshake {
  const socket = stream instanceof SocketStream ? (stream as SocketStream<RawStream>) : undefined;
  if (tls.wrap === undefined) return onSocket(tls, socket, side, aborted, signal);
  if (socket === undefined) {
    const raw = tls.wrap(new StreamTransport(stream), side, aborted);
    return { raw, again: () => ({ stream, rest: NOTHING }) };
  }
  const detached = socket.detach(ACTION);
  const { raw, first } = detached;
  const ahead = first === undefined ? undefined : new ReadAhead(raw, first);
  return {
    raw: tls.wrap(ahead ?? raw, side, aborted),
    again: () => ({ stream: detached.again(), rest: ahead?.leftover() ?? NOTHING }),
  };
}

/** Where the host speaks TLS on its own sockets alone, and only from the beginning of what it reads. */
function onSocket(
  tls: TlsBackend,
  stream: SocketStream<RawStream> | undefined,
  side: RawTlsSide,
  aborted: AbortSignal,
  signal: AbortSignal | undefined,
): Handshake {
  if (stream === undefined) lacking(ACTION, "TLS over streams other than its sockets", signal);
  const missing = missingFor(tls, stream, side);
  if (missing !== undefined) lacking(ACTION, missing, signal);
  const detached = stream.detach(ACTION);
  return {
    raw: handshake(tls, detached.raw, side, aborted),
    again: () => ({ stream: detached.again(), rest: NOTHING }),
  };
}

function missingFor(
  tls: TlsBackend,
  { raw, keeps }: SocketStream<RawStream>,
  { server }: RawTlsSide,
): string | undefined {
  if ("handshake" in raw) return undefined;
  if (!("localAddress" in raw)) return "TLS over TLS";
  if (!("port" in Object(raw.localAddress)) && tls.lacks.has("unix")) return "TLS over UNIX sockets";
  if (keeps) return "TLS over what a cancelled receive has read";
  if (server === undefined || tls.accept !== undefined) return undefined;
  return "TLS servers over connections that are there: use createTlsListener";
}

function handshake(
  tls: TlsBackend,
  raw: RawStream,
  { client, server }: RawTlsSide,
  aborted: AbortSignal,
): Promise<RawTlsStream> {
  if ("handshake" in raw) return (raw as RawTlsPending).handshake(aborted);
  const socket = raw as RawSocket<unknown>;
  return client === undefined ? tls.accept!(socket, server, aborted) : tls.connect(socket, client, aborted);
}
