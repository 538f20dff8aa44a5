import {
  BrokenResourceError,
  BusyResourceError,
  isCancelled,
  isError,
  type WaitOptions,
} from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import type { RawTlsStream } from "@arborio/core/backend";
import {
  awaitPromise,
  cancelledNow,
  markLayer,
  markOrigin,
  park,
  perform,
  settling,
} from "@arborio/core/lowlevel";
import type { Attributes, ByteStream } from "@arborio/streams";
import { lacking } from "./backend.ts";
import { SocketStream } from "./socket-stream.ts";
import { tlsAttributes, type TlsManner } from "./tls-attribute.ts";
import { joined } from "./transport.ts";

/** Ms that `close` waits for the connection to take its close_notify. */
const FAREWELL = 1_000;

/** A connection that speaks TLS. */
export interface TlsStream extends ByteStream {
  /** What the connection knows, by `TlsAttribute`, and what is below it knows. */
  readonly attributes: Attributes;

  /**
   * What there is to resume by now, for `session` of a client's later connection. From TLS 1.3 on it comes after the
   * handshake, with the first bytes received. Undefined if there is none, where the host does not tell, and for servers.
   */
  session(): Uint8Array | undefined;

  /**
   * Ends TLS, and gives back the stream below and what was received of it beyond TLS: says close_notify and waits for the
   * other side's, who must send nothing more before it. This stream is closed then.
   *
   * **Cancellation** The connection is closed: how far the two sides are is not known.
   *
   * **Throws** UnsupportedError where the host cannot; BrokenResourceError if the other side sends more, or does not say
   * close_notify; ClosedResourceError, BusyResourceError as `receive` and `send` do.
   */
  unwrap(options?: WaitOptions): Promise<[stream: ByteStream, leftover: Uint8Array]>;
}

/** What is below a TLS stream. */
export interface Beneath {
  readonly attributes: Attributes;
  /** It again, when TLS has ended; with what TLS did not read of what was read ahead. */
  again(): { readonly stream: ByteStream; readonly rest: Uint8Array };
}

/** A TLS connection over a backend's. */
export class TlsSocketStream extends SocketStream<RawTlsStream> implements TlsStream {
  private readonly beneath: Beneath;
  private readonly manner: TlsManner;

  constructor(raw: RawTlsStream, beneath: Beneath, manner: TlsManner) {
    super(raw, "the TLS connection");
    this.beneath = beneath;
    this.manner = manner;
  }

  get attributes(): Attributes {
    return tlsAttributes(this.beneath.attributes, this.raw.info, this.manner);
  }

  session(): Uint8Array | undefined {
    return this.raw.info.session();
  }

  unwrap(options: WaitOptions = {}): Promise<[ByteStream, Uint8Array]> {
    return settling(this.end(options), (leftover) => {
      void this.release(false);
      const { stream, rest } = this.beneath.again();
      this.heir = markLayer(stream, this);
      return [stream, joined(leftover, rest)];
    });
  }

  /**
   * Says close_notify, if `standardCompatible`, and releases the connection: at the latest after a second.
   */
  override close(options: WaitOptions = {}): Promise<void> {
    const silent = !this.manner.standardCompatible || !this.orderly || cancelledNow(options);
    return silent ? super.close(options) : settling(this.farewell(options), () => {});
  }

  protected override read(maxBytes: number): Promise<Uint8Array | null> {
    return this.manner.standardCompatible
      ? super.read(maxBytes)
      : super.read(maxBytes).catch(unlessTruncated);
  }

  protected override renewed(): TlsSocketStream {
    return new TlsSocketStream(this.raw, this.beneath, this.manner);
  }

  private async farewell(options: WaitOptions): Promise<void> {
    const said = this.raw.shutdown();
    this.stop();
    try {
      await moveOnAfter(
        FAREWELL,
        ({ signal }) => awaitPromise(said, { signal, waitingFor: "close_notify to be taken" }),
        options,
      );
    } catch (error) {
      // A connection that is broken has nobody to tell.
      if (isCancelled(error) || options.signal?.aborted) throw error;
    } finally {
      await this.release(false);
    }
  }

  private async end(options: WaitOptions): Promise<Uint8Array> {
    const { raw } = this;
    const start = raw.unwrap?.bind(raw);
    if (start === undefined) lacking(UNWRAP, "way back from TLS to the stream below", options.signal);
    this.checkFree(UNWRAP);
    if (this.keeps) throw new BusyResourceError(`Cannot ${UNWRAP}: bytes of a cancelled receive come first`);
    if (cancelledNow(options)) return park(options);
    this.stop();
    try {
      return await perform(start, { signal: options.signal, waitingFor: "the other side's close_notify" });
    } catch (error) {
      void this.release(true);
      if (!isError(error, "OSError")) throw error;
      const reason = `Cannot ${UNWRAP}: the connection is broken`;
      throw markOrigin(new BrokenResourceError(reason, { cause: error }), this);
    }
  }
}

const UNWRAP = "unwrap the TLS connection";

function unlessTruncated(error: unknown): null {
  const cause = isError(error, "OSError") ? error.cause : undefined;
  if ((Object(cause) as { code?: unknown }).code === "ERR_TLS_TRUNCATED") return null;
  throw error;
}
