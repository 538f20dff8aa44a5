import { isCancelled, isError, type WaitOptions } from "@arborio/core";
import { failAfter } from "@arborio/cancellation";
import type { RawTlsSide } from "@arborio/core/backend";
import { settling } from "@arborio/core/lowlevel";
import type { Attributes, ByteStream, Listener, ServeOptions } from "@arborio/streams";
import { attributesOf } from "@arborio/streams";
import { checkTimeout } from "./arguments.ts";
import { handle } from "./accept-loop.ts";
import { checkServing, type Serving } from "./serve.ts";
import { serverSide, waitOf, type TlsServerOptions } from "./tls-options.ts";
import type { TlsStream } from "./tls-stream.ts";
import { startTls } from "./wrap-tls.ts";

const HANDSHAKE_TIMEOUT = 30_000;

type Handling = Pick<Serving<TlsStream>, "handler" | "onError">;

/** How a listener speaks TLS. */
export interface TlsListenerOptions<S> extends TlsServerOptions {
  /** Ms that a client has for its handshake; 30 s by default. */
  readonly handshakeTimeout?: number | undefined;
  /**
   * Told of each handshake that failed or took too long (TimeoutError), and of the connection, which is closed: to log it. By
   * default nobody is: most are strangers who knock. What it throws is the connection's failure.
   */
  readonly onHandshakeError?: ((error: unknown, stream: S) => void) | undefined;
}

/** Connections of a listener, each speaking TLS as a server. Closing it closes the one below. */
export class TlsListener<
  L extends Listener<ByteStream> = Listener<ByteStream>,
> implements Listener<TlsStream> {
  /** The one below. */
  readonly listener: L;
  readonly #side: RawTlsSide;
  readonly #standardCompatible: boolean;
  readonly #timeout: number;
  readonly #tell: (error: unknown, stream: ByteStream) => void;

  /** @throws TypeError, RangeError for bad options */
  constructor(listener: L, options: TlsListenerOptions<StreamOf<L>>) {
    if (typeof (listener as Partial<L> | undefined)?.serve !== "function")
      throw new TypeError(`Cannot listen: it takes a listener, received ${typeof listener}`);
    this.listener = listener;
    this.#side = serverSide(options);
    this.#standardCompatible = options.standardCompatible ?? true;
    this.#timeout = checkHandshakeTimeout(options.handshakeTimeout);
    this.#tell = (options.onHandshakeError ?? ignore) as (error: unknown, stream: ByteStream) => void;
  }

  get attributes(): Attributes {
    return attributesOf(this.listener);
  }

  /**
   * The next connection whose handshake succeeds; it is the caller's to close. A slow handshake is waited for: accept in
   * several tasks, or `serve`, if others should not be.
   *
   * **Cancellation** A connection whose handshake is under way is closed.
   *
   * **Throws** as `accept` of the listener below; no handshake's failure.
   */
  accept(options: WaitOptions = {}): Promise<TlsStream> {
    return settling(this.#accept(options), (stream) => stream);
  }

  /**
   * As `serve` of the listener below. Each handshake is its connection's own task's: one that fails, or is slow, disturbs
   * nobody.
   */
  serve(
    handler: (stream: TlsStream, task: WaitOptions) => unknown,
    options: ServeOptions<TlsStream> = {},
  ): Promise<void> {
    const { onError, ...rest } = options;
    const serving = { handler, onError: checkServing(handler, options).onError };
    return this.listener.serve((stream, task) => this.#handle(stream, serving, task), rest);
  }

  close(options?: WaitOptions): Promise<void> {
    return this.listener.close(options);
  }

  closeForcefully(): void {
    this.listener.closeForcefully();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.listener[Symbol.asyncDispose]();
  }

  async #accept(options: WaitOptions): Promise<TlsStream> {
    for (;;) {
      const stream = await this.#shake(await this.listener.accept(options), options);
      if (stream !== undefined) return stream;
    }
  }

  async #handle(below: ByteStream, serving: Handling, task: WaitOptions): Promise<void> {
    const stream = await this.#shake(below, waitOf(task));
    if (stream === undefined) return;
    try {
      await handle(stream, serving, task);
    } finally {
      await stream[Symbol.asyncDispose]();
    }
  }

  /** The handshake; undefined if it failed. */
  async #shake(below: ByteStream, options: WaitOptions): Promise<TlsStream | undefined> {
    try {
      return await failAfter(
        this.#timeout,
        ({ signal }) => startTls(below, this.#side, this.#standardCompatible, { signal }),
        options,
      );
    } catch (error) {
      below.closeForcefully();
      if (isCancelled(error) || options.signal?.aborted || isMistake(error)) throw error;
      this.#tell(error, below);
      return undefined;
    }
  }
}

/** What a listener gives. */
export type StreamOf<L> = L extends Listener<infer S> ? S : never;

/** The timeout given, or the default one. */
export function checkHandshakeTimeout(timeout: number = HANDSHAKE_TIMEOUT): number {
  return checkTimeout("listen", "handshakeTimeout", timeout);
}

// Not the client's: it would be so with each.
function isMistake(error: unknown): boolean {
  return isError(error, "UnsupportedError") || (Object(error) as Partial<Error>).name === "TypeError";
}

function ignore(): void {}
