import { EndOfStream, isError, type WaitOptions } from "@arborio/core";
import {
  OSError,
  type RawSocket,
  type RawStream,
  type RawTlsSide,
  type RawTlsStream,
  type SocketAddress,
  type TlsBackend,
} from "@arborio/core/backend";
import { markLayer, markOrigin, perform } from "@arborio/core/lowlevel";
import { attributesOf, type ByteStream } from "@arborio/streams";
import { lacking, netPart } from "./backend.ts";
import { formatEndpoint } from "./endpoint.ts";
import { SocketStream, type Detached } from "./socket-stream.ts";
import { requireTls } from "./tls-options.ts";
import { TlsSocketStream, type Beneath, type TlsStream } from "./tls-stream.ts";
import { ReadAhead, StreamTransport } from "./transport.ts";

const ACTION = "start TLS";

// RFC 8446 §5.1: content type, version, length; then at most 2^14 bytes, of which a handshake begins with its own type.
const HEADER = 5;
const HANDSHAKE = 22;
const LONGEST = 2 ** 14;

/** What a handshake speaks over, and how to get the stream again. */
interface Taken {
  readonly raw: RawStream;
  /** The same, with what was read of it first. */
  readonly ahead: ReadAhead;
  readonly again: () => ByteStream;
}

/**
 * A handshake over a byte stream, in two steps: a server waits for the client's first record (`hear`) before anything is made
 * that costs more than the connection, then both sides agree (`shake`). The first step takes the stream over.
 */
export class TlsHandshake {
  readonly #stream: ByteStream;
  readonly #side: RawTlsSide;
  readonly #standardCompatible: boolean;
  #taken: Taken | undefined;

  constructor(stream: ByteStream, side: RawTlsSide, standardCompatible: boolean) {
    this.#stream = stream;
    this.#side = side;
    this.#standardCompatible = standardCompatible;
  }

  /**
   * Waits until a client has sent its first record. **Cancellation** The connection is closed. **Throws** OSError with
   * `syscall` `handshake` if the client leaves.
   */
  hear(options: WaitOptions): Promise<void> {
    return perform(
      async (aborted) => {
        this.#taken = this.#take(this.#tls(options), options);
        await heard(this.#taken.ahead, aborted).catch((error: unknown) => this.#failed(error));
      },
      { signal: options.signal, waitingFor: "the first record of a TLS client" },
    );
  }

  /** Agrees with the other side. **Cancellation**, **Throws** as `wrapTls`. */
  shake(options: WaitOptions): Promise<TlsStream> {
    const manner = {
      serverSide: this.#side.server !== undefined,
      standardCompatible: this.#standardCompatible,
    };
    const attributes = attributesOf(this.#stream);
    return perform<TlsStream>(
      async (aborted) => {
        const tls = this.#tls(options);
        const taken = (this.#taken ??= this.#take(tls, options));
        const raw = await begin(tls, taken, this.#side, aborted).catch((error: unknown) =>
          this.#failed(error),
        );
        const again = (): ReturnType<Beneath["again"]> => ({
          stream: taken.again(),
          rest: taken.ahead.leftover(),
        });
        return this.#inherited(new TlsSocketStream(raw, { attributes, again }, manner));
      },
      { signal: options.signal, waitingFor: "a TLS handshake", discard: (late) => late.closeForcefully() },
    );
  }

  /** Closes the connection, however far the handshake is. */
  closeForcefully(): void {
    if (this.#taken === undefined) this.#stream.closeForcefully();
    else void this.#taken.raw.close({ abort: true });
  }

  /** What a handshake met is the connection's; what the host says of the options is the program's. */
  #failed(error: unknown): never {
    throw isError(error, "OSError") ? markOrigin(error, this.#stream) : error;
  }

  #inherited(heir: TlsSocketStream): TlsSocketStream {
    if (this.#stream instanceof SocketStream) this.#stream.heir = heir;
    return markLayer(heir, this.#stream);
  }

  #tls({ signal }: WaitOptions): TlsBackend {
    const tls = netPart("tls", ACTION, signal);
    requireTls(tls, this.#side, signal);
    return tls;
  }

  #take(tls: TlsBackend, { signal }: WaitOptions): Taken {
    const stream = this.#stream;
    const missing = missingFor(tls, stream, this.#side);
    if (missing !== undefined) lacking(ACTION, missing, signal);
    if (!(stream instanceof SocketStream)) return takenOver(new StreamTransport(stream), () => stream);
    const detached = (stream as SocketStream<RawStream>).detach(ACTION);
    return takenOver(detached.raw, () => detached.again(), detached.first);
  }
}

function takenOver(raw: RawStream, again: () => ByteStream, first?: Detached<RawStream>["first"]): Taken {
  return { raw, ahead: new ReadAhead(raw, first), again };
}

/** What a client cannot speak TLS over where the host does so on its own sockets alone, and only from the beginning of what it reads. */
function missingFor(tls: TlsBackend, stream: ByteStream, { server }: RawTlsSide): string | undefined {
  if (tls.wrap !== undefined) return undefined;
  if (server !== undefined) return tls.accept === undefined ? "TLS servers" : undefined;
  if (!(stream instanceof SocketStream)) return "TLS over streams other than its sockets";
  const { raw, keeps } = stream as SocketStream<RawStream>;
  if (!("localAddress" in raw)) return "TLS over TLS";
  if (!("port" in Object(raw.localAddress)) && tls.lacks.has("unix")) return "TLS over UNIX sockets";
  return keeps ? "TLS over what a cancelled receive has read" : undefined;
}

function begin(
  tls: TlsBackend,
  { raw, ahead }: Taken,
  side: RawTlsSide,
  aborted: AbortSignal,
): Promise<RawTlsStream> {
  if (tls.wrap !== undefined) return tls.wrap(ahead, side, aborted);
  const { client, server } = side;
  return client === undefined
    ? tls.accept!(ahead, server, aborted)
    : tls.connect(raw as RawSocket<unknown>, client, aborted);
}

async function heard(transport: ReadAhead, aborted: AbortSignal): Promise<void> {
  const close = (): void => void transport.close({ abort: true });
  aborted.addEventListener("abort", close, { once: true });
  try {
    if (!(await transport.readUntil(isWhole))) throw new EndOfStream("the client left");
  } catch (error) {
    void transport.close();
    throw failure(error, transport.remoteAddress);
  } finally {
    aborted.removeEventListener("abort", close);
  }
}

function failure(cause: unknown, remote: unknown): OSError {
  const { address, port } = Object(remote) as Partial<SocketAddress>;
  return new OSError({
    code: isError(cause, "OSError") ? cause.code : "ECONNRESET",
    syscall: "handshake",
    ...(address === undefined || port === undefined ? {} : { address: formatEndpoint(address, port) }),
    cause,
    reason: "the client left before it had said anything",
  });
}

/** Whether the first record is there; what is none never will be, which the host's engine tells the client. */
function isWhole(bytes: Uint8Array): boolean {
  const [type, , , high = 0, low = 0] = bytes;
  if (type === undefined) return false;
  if (type !== HANDSHAKE) return true;
  return bytes.length >= HEADER && bytes.length >= HEADER + Math.min((high << 8) | low, LONGEST);
}
