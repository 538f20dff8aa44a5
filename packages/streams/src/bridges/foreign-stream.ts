import type { WaitOptions } from "@arborio/core";
import {
  afterWait,
  cancelledNow,
  copyOrigin,
  currentScope,
  handled,
  isCancelledLeaf,
  markLayer,
  markOrigin,
  runUnder,
  suspend,
  trackResource,
} from "@arborio/core/lowlevel";
import { brokenError, busyError, closedError, endError } from "../errors.ts";
import { receiveAll } from "../iteration.ts";
import { KeptOperation } from "../kept-operation.ts";
import type { AsyncResource } from "../resource.ts";

/** What an iterator's `next` and a reader's `read` give. */
export interface Came<T> {
  readonly done?: boolean | undefined;
  readonly value?: T | undefined;
}

/** A stream of another kind, by promises. At most one `read` and one `write` are under way at a time. */
export interface Foreign<T> {
  /** What to call it, as `the ReadableStream`. */
  readonly name: string;
  /** What it is over: the stream of the other kind, or one of ours below that. */
  readonly below?: object | undefined;
  /** The next; done at the end, again and again. */
  read?(maxBytes: number): PromiseLike<Came<T>> | Came<T>;
  /** Writes it; undefined, which comes once and last, and only to what goes both ways: nothing more will be written. */
  write?(item: T | undefined): PromiseLike<unknown>;
  /**
   * Releases it: in order, or, given why, at once; it may be called again at once. What has none need not be closed by
   * anybody.
   */
  close?(why: Error | undefined): unknown;
}

/**
 * A stream over one of another kind. What it calls there runs in the scope in which it was made: a cancelled wait must not
 * cancel what goes on for the next one (M6). What failed there once has failed for good.
 */
export abstract class ForeignStream<T> implements AsyncResource {
  readonly #foreign: Foreign<T>;
  readonly #scope = currentScope();
  readonly #reading = new KeptOperation<Came<T>>();
  readonly #writing = new KeptOperation<unknown>();
  readonly #untrack: (() => void) | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #ended = false;
  #closing: Promise<void> | undefined;

  constructor(foreign: Foreign<T>) {
    this.#foreign = foreign;
    this.#untrack = foreign.close && trackResource(this, foreign.name);
    if (foreign.below) markLayer(this, foreign.below);
  }

  abstract receive(): Promise<T>;

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiveAll(() => this.receive());
  }

  close(options?: WaitOptions): Promise<void> {
    const closing = this.#release(cancelledNow(options));
    const waiting = new KeptOperation<void>().wait(() => closing, nothing, {
      ...options,
      waitingFor: this.#foreign.name,
    });
    return afterWait(waiting, nothing, (error) => {
      // Nobody waits for the orderly end any more.
      this.closeForcefully();
      throw error;
    });
  }

  closeForcefully(): void {
    void this.#release(true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close().catch(unlessCancelled);
  }

  /** @internal */
  protected next(maxBytes: number): PromiseLike<Came<T>> | Came<T> {
    return this.#foreign.read!(maxBytes);
  }

  /**
   * @param hand makes of what came what the caller is given
   * @internal
   */
  protected read<R>(hand: (value: T) => R, options?: WaitOptions, maxBytes: number = 0): Promise<R> {
    const { name } = this.#foreign;
    if (this.#reading.busy) return Promise.reject(busyError("receive"));
    return this.#reading.wait(
      () => this.#attempt("receive", () => this.next(maxBytes)),
      ({ done, value }) => {
        if (done === true) throw markOrigin(endError(`${name} has ended`), this);
        return hand(value as T);
      },
      { ...options, waitingFor: name },
    );
  }

  /**
   * Keeps for the next read what one handed over in part.
   * @internal
   */
  protected keep(value: T): void {
    this.#reading.keep({ value });
  }

  /**
   * @param item undefined: nothing more will come
   * @internal
   */
  protected write(item: T | undefined, options?: WaitOptions): Promise<void> {
    const { name } = this.#foreign;
    const last = item === undefined;
    const { abandoned, busy } = this.#writing;
    if (busy) return Promise.reject(busyError("send"));
    // What a cancelled send left is never taken: nobody knows how much was sent (M7).
    if (abandoned)
      return suspend(() => {
        throw markOrigin(brokenError("send", "an earlier send was cancelled"), this);
      }, options);
    const start = async (): Promise<void> => {
      if (!this.#ended) await this.#attempt("send", () => this.#foreign.write!(item));
      else if (!last) throw closedError("send", name);
      this.#ended = last;
    };
    return this.#writing.wait(start, nothing, { ...options, waitingFor: name });
  }

  async #attempt<R>(action: string, start: () => PromiseLike<R> | R): Promise<R> {
    try {
      if (this.#failure) throw this.#failure.cause;
      return await runUnder(this.#scope, start);
    } catch (cause) {
      this.#failure ??= { cause };
      const error = brokenError(action, `${this.#foreign.name} is broken`, { cause });
      // A stream of ours below, through a foreign one that does not know it.
      throw markOrigin(copyOrigin(error, cause), this);
    }
  }

  #release(abort: boolean): Promise<void> {
    const { name } = this.#foreign;
    // A send that was cut must not come to look like the end.
    const atOnce = abort || this.#writing.busy || this.#writing.abandoned;
    if (!this.#closing || atOnce) {
      this.#untrack?.();
      this.#reading.end(() => closedError("receive", name));
      this.#writing.end(() => closedError("send", name));
      const closing = handled(this.#close(atOnce ? closedError("go on", name) : undefined));
      // The orderly one, if it was begun, is cut by this one and fails: who closes again is not told of that.
      this.#closing = closing;
    }
    return this.#closing;
  }

  async #close(why: Error | undefined): Promise<void> {
    // What failed before was told then.
    const told = why ?? this.#failure;
    this.#failure = undefined;
    try {
      await this.#attempt("close", () => this.#foreign.close?.(why));
    } catch (error) {
      if (!told) throw error;
    }
  }
}

/** Disposal does not throw Cancelled: the next checkpoint does (M5). */
function unlessCancelled(error: unknown): void {
  if (!isCancelledLeaf(error)) throw error;
}

const nothing = (): void => {};
