import { ClosedResourceError, EndOfStream, isError, type WaitOptions } from "@arborio/core";
import { resolved, suspend, WaitQueue, yieldFirst } from "@arborio/core/lowlevel";
import { receiveAll } from "./iteration.ts";
import { Fifo } from "./memory/fifo.ts";
import type { ObjectReceiveStream } from "./object-streams.ts";
import { Source, type ItemSource } from "./source.ts";

/**
 * One stream of the items of several, as they come. Each source is asked for an item when a receiver waits, and only then;
 * none is asked twice while others have items that nobody took. It ends when all have ended.
 *
 * An error of a source is thrown by one `receive`; the others go on.
 *
 * **Cancellation** Nothing is lost: what a source brings for a cancelled `receive` goes to the next. The sources are waited
 * for in the scope in which `merge` was called.
 *
 * Closing it ends those that are iterators, and leaves streams open.
 */
export function merge<T>(...sources: readonly ItemSource<T>[]): ObjectReceiveStream<T> {
  return new Merged<T>(sources.map((source) => new Source(source)));
}

type Outcome<T> = { readonly item: T } | { readonly error: unknown };

/** Invariant: while a task waits no outcome is kept, and all sources are pulled. */
export class Merged<T> implements ObjectReceiveStream<T> {
  readonly #sources: Set<Source<T>>;
  readonly #waiting = new WaitQueue<T>();
  readonly #kept = new Fifo<Outcome<T>>();
  readonly #discard: (item: T) => void;
  #closed = false;

  /** @param discard gets what came for nobody, once it is closed */
  constructor(sources: readonly Source<T>[], discard: (item: T) => void = () => {}) {
    this.#sources = new Set(sources);
    this.#discard = discard;
  }

  receive(options?: WaitOptions): Promise<T> {
    return yieldFirst(() => this.#receive(options), options);
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      for (const source of this.#sources) source.stop();
      while (this.#waiting.size > 0) this.#waiting.take()?.fail(closedHere());
      while (this.#kept.size > 0) this.#forget(this.#kept.shift());
    }
    return resolved();
  }

  closeForcefully(): void {
    void this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiveAll(() => this.receive());
  }

  #receive(options: WaitOptions | undefined): T | Promise<T> {
    if (this.#closed) throw closedHere();
    if (this.#kept.size > 0) {
      const outcome = this.#kept.shift();
      if ("error" in outcome) throw outcome.error;
      return outcome.item;
    }
    if (this.#sources.size === 0) throw ended();
    const wait = suspend<T>((waiter) => this.#waiting.add(waiter), {
      signal: options?.signal,
      waitingFor: "an item of the merged streams",
    });
    this.#pullAll();
    return wait;
  }

  #pullAll(): void {
    for (const source of this.#sources) {
      source.pull(
        (item) => this.#give(item),
        (error) => this.#drop(source, error),
        (error) => void this.#waiting.take()?.fail(error),
      );
    }
  }

  #give(item: T): void {
    if (this.#closed) this.#discard(item);
    else if (!this.#waiting.wake(item)) this.#kept.push({ item });
    if (this.#waiting.size > 0) this.#pullAll();
  }

  #forget(outcome: Outcome<T>): void {
    if ("item" in outcome) this.#discard(outcome.item);
  }

  /** A source has ended, or failed. */
  #drop(source: Source<T>, error: unknown): void {
    this.#sources.delete(source);
    if (!isError(error, "EndOfStream") && !this.#closed) {
      const waiter = this.#waiting.take();
      if (waiter === undefined) this.#kept.push({ error });
      else waiter.fail(error);
    }
    if (this.#sources.size === 0) while (this.#waiting.size > 0) this.#waiting.take()?.fail(ended());
  }
}

const closedHere = (): Error => new ClosedResourceError("Cannot receive: the stream was closed on this side");
const ended = (): Error => new EndOfStream("Cannot receive: all sources have ended");
