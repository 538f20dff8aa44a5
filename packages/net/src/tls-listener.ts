import { isCancelled, isError, type WaitOptions } from "@arborio/core";
import { failAfter, type CancelScope } from "@arborio/cancellation";
import type { RawTlsSide } from "@arborio/core/backend";
import { settling } from "@arborio/core/lowlevel";
import type { Attributes, ByteStream, Listener, ServeLimit, ServeOptions } from "@arborio/streams";
import { attributesOf } from "@arborio/streams";
import { checkCount, checkTimeout } from "./arguments.ts";
import { handle } from "./accept-loop.ts";
import { closeBehind } from "./lingering-close.ts";
import { checkServing, type Serving } from "./serve.ts";
import { unlessCancelled } from "./socket-stream.ts";
import { TlsBounds, tooManySilent } from "./tls-bounds.ts";
import { TlsHandshake } from "./tls-handshake.ts";
import { serverSide, waitOf, type TlsServerOptions } from "./tls-options.ts";
import type { TlsStream } from "./tls-stream.ts";

const HANDSHAKE_TIMEOUT = 30_000;
const MAX_HANDSHAKES = 1_000;

type Handling = Pick<Serving<TlsStream>, "handler" | "onError" | "limit">;

/** How a listener speaks TLS. */
export interface TlsListenerOptions<S> extends TlsServerOptions {
  /**
   * Ms that a client has, from the moment it is accepted, to finish its handshake; then the connection is closed. 30 s by default.
   */
  readonly handshakeTimeout?: number | undefined;
  /**
   * How many connections may be silent at once: they are accepted, but their first TLS record has not come. When one more
   * comes, the oldest silent connection is closed, and `onHandshakeError` gets a TimeoutError. By default the `limit` of
   * `serve`, but at least 64 and at most 1,000; 1,000 if there is no `limit`.
   */
  readonly maxSilent?: number | undefined;
  /**
   * How many handshakes may be under way at once; silent connections do not count. At this number, connections whose first
   * record has come wait their turn, within `handshakeTimeout`, and `serve` accepts no connection. 1,000 by default.
   */
  readonly maxHandshakes?: number | undefined;
  /**
   * Told of each handshake that failed or took too long (TimeoutError), and of the connection, which is closed: to log it. By
   * default nobody is: most are strangers who knock. It may wait. What it throws, or rejects with, is the connection's failure.
   */
  readonly onHandshakeError?: ((error: unknown, stream: S) => unknown) | undefined;
}

/**
 * Connections of a listener, each speaking TLS as a server. Closing it closes the one below, and the connections on which the
 * client has said nothing yet.
 */
export class TlsListener<
  L extends Listener<ByteStream> = Listener<ByteStream>,
> implements Listener<TlsStream> {
  /** The one below. */
  readonly listener: L;
  readonly #side: RawTlsSide;
  readonly #standardCompatible: boolean;
  readonly #timeout: number;
  readonly #bounds: TlsBounds;
  readonly #tell: (error: unknown, stream: ByteStream) => unknown;

  /** @throws TypeError, RangeError for bad options */
  constructor(listener: L, options: TlsListenerOptions<StreamOf<L>>) {
    if (typeof (listener as Partial<L> | undefined)?.serve !== "function")
      throw new TypeError(`Cannot listen: it takes a listener, received ${typeof listener}`);
    this.listener = listener;
    this.#side = serverSide(options);
    this.#standardCompatible = options.standardCompatible ?? true;
    this.#timeout = checkHandshakeTimeout(options.handshakeTimeout);
    this.#bounds = boundsOf(options);
    this.#tell = (options.onHandshakeError ?? ignore) as (error: unknown, stream: ByteStream) => unknown;
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
   * nobody. `limit` counts a connection from its first record on: silent ones have a bound of their own (`maxSilent`), and
   * keep nobody out.
   */
  serve(
    handler: (stream: TlsStream, task: WaitOptions) => unknown,
    options: ServeOptions<TlsStream> = {},
  ): Promise<void> {
    const { onError, limit, ...rest } = options;
    const serving = checkServing(handler, options);
    return this.listener.serve((stream, task) => this.#handle(stream, serving, task), {
      ...rest,
      limit: this.#bounds.accepting(serving.limit),
      // What `#handle` throws was for `onError`, or is contained: the listener below is not to contain it again.
      onError: raise,
    });
  }

  close(options?: WaitOptions): Promise<void> {
    this.#bounds.stop();
    return this.listener.close(options);
  }

  closeForcefully(): void {
    this.#bounds.stop();
    this.listener.closeForcefully();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#bounds.stop();
    return this.listener[Symbol.asyncDispose]();
  }

  async #accept(options: WaitOptions): Promise<TlsStream> {
    for (;;) {
      const shaken = await this.#shake(await this.listener.accept(options), undefined, options);
      if (shaken !== undefined) return shaken.stream;
    }
  }

  async #handle(below: ByteStream, serving: Handling, task: WaitOptions): Promise<void> {
    const shaken = await this.#shake(below, serving.limit, waitOf(task));
    if (shaken === undefined) return;
    try {
      await handle(shaken.stream, serving, task);
    } finally {
      await closeBehind(shaken.stream, waitOf(task)).catch(unlessCancelled).finally(shaken.release);
    }
  }

  /** The handshake; undefined if it failed. */
  async #shake(
    below: ByteStream,
    limit: ServeLimit | undefined,
    options: WaitOptions,
  ): Promise<Shaken | undefined> {
    const handshake = new TlsHandshake(below, this.#side, this.#standardCompatible);
    try {
      const inTime = (scope: CancelScope): Promise<Shaken> => this.#within(scope, handshake, limit);
      const shaken = await failAfter(this.#timeout, inTime, options);
      if (shaken !== undefined) return shaken;
      // The bounds have cancelled it, and nothing else does.
      if (this.#bounds.stopped) return void handshake.closeForcefully();
      throw tooManySilent(this.#bounds.mostSilent(limit));
    } catch (error) {
      handshake.closeForcefully();
      // A failure that comes with a cancellation is a failure still: thrown here it would be that of `serve`.
      if (isCancelled(error) || isReason(error, options) || isMistake(error)) throw error;
      await this.#tell(error, below);
      return undefined;
    }
  }

  async #within(scope: CancelScope, handshake: TlsHandshake, limit: ServeLimit | undefined): Promise<Shaken> {
    const { signal } = scope;
    await this.#bounds.silent(scope, this.#bounds.mostSilent(limit), () => handshake.hear({ signal }));
    const permit = await limit?.acquire({ signal });
    const release = (): void => permit?.release();
    try {
      return { stream: await this.#bounds.handshake(() => handshake.shake({ signal }), { signal }), release };
    } catch (error) {
      release();
      throw error;
    }
  }
}

/** A connection whose handshake is done, and its place under `limit`. */
interface Shaken {
  readonly stream: TlsStream;
  readonly release: () => void;
}

/** What a listener gives. */
export type StreamOf<L> = L extends Listener<infer S> ? S : never;

/** The timeout given, or the default one. */
export function checkHandshakeTimeout(timeout: number = HANDSHAKE_TIMEOUT): number {
  return checkTimeout("listen", "handshakeTimeout", timeout);
}

/** @throws RangeError */
export function boundsOf({
  maxSilent,
  maxHandshakes = MAX_HANDSHAKES,
}: Pick<TlsListenerOptions<never>, "maxSilent" | "maxHandshakes">): TlsBounds {
  if (maxSilent !== undefined) checkBound("maxSilent", maxSilent);
  return new TlsBounds(maxSilent, checkBound("maxHandshakes", maxHandshakes));
}

function checkBound(name: string, bound: number): number {
  return bound === Infinity ? bound : checkCount("listen", name, bound);
}

// Not the client's: it would be so with each.
function isMistake(error: unknown): boolean {
  return isError(error, "UnsupportedError") || (Object(error) as Partial<Error>).name === "TypeError";
}

function isReason(error: unknown, { signal }: WaitOptions): boolean {
  return signal?.aborted === true && signal.reason === error;
}

function ignore(): void {}

function raise(error: unknown): never {
  throw error;
}
