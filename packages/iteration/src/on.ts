import { checkpoint, isCancelled, type WaitOptions } from "@arborio/core";
import { settling, suspend, WaitQueue, type SuspendOptions, type Waiter } from "@arborio/core/lowlevel";
import { listen, mannersOf, type Emitter } from "./emitter.ts";

/** Events as they come, from the moment it was made. */
export interface Events<T> extends AsyncIterableIterator<T>, AsyncDisposable {
  /** How many have come and were not yet asked for. Nothing limits it: who is slower than the events runs out of memory. */
  readonly size: number;
  /** Waits for the next. **Cancellation** Ends all of it: it stops listening, as by leaving the loop. */
  next(): Promise<IteratorResult<T, undefined>>;
  /** Stops listening, and drops what is left: leaving the loop does so. Idempotent. */
  return(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): this;
  /** As {@link return}. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Listens from the call on, and gives the events one by one: the arguments of an emitter's, the very event of an
 * EventTarget's. What comes while nobody waits for it is queued, see {@link Events.size}.
 *
 * ```ts fragment
 * await using clicks = on(button, "click");
 * for await (const click of clicks) console.log(click.target);
 * ```
 *
 * It stops listening when the loop is left, when it is disposed, when a wait for its next event is cancelled, and when the
 * scope in which it was made is.
 *
 * **Throws** what an emitter says with `error`, and the reason of a foreign `{ signal }`, after the events that came before;
 * TypeError for what neither emits nor is a target.
 */
export function on<A extends unknown[] = unknown[]>(
  emitter: Emitter,
  event: string | symbol,
  options?: WaitOptions,
): Events<A>;
export function on<E extends Event = Event>(
  target: EventTarget,
  event: string,
  options?: WaitOptions,
): Events<E>;
export function on(
  target: Emitter | EventTarget,
  event: string | symbol,
  options: WaitOptions = {},
): Events<unknown> {
  mannersOf(target);
  return new Listening(target, event, options);
}

type Result = IteratorResult<unknown, undefined>;
const DONE: Result = { done: true, value: undefined };

/**
 * Invariants: it listens while `guard` waits, in the scope in which it was made, whose cancellation ends it. While someone
 * waits nothing is queued.
 */
class Listening implements Events<unknown> {
  readonly #options: SuspendOptions;
  readonly #queue: unknown[] = [];
  readonly #waiters = new WaitQueue<Result>();
  #guard: Waiter<void> | undefined;
  #stop: () => void = () => {};
  #closed = false;
  /** Thrown once, after what is queued. */
  #failure: { readonly error: unknown } | undefined;

  constructor(target: Emitter | EventTarget, event: string | symbol, { signal }: WaitOptions) {
    this.#options = { signal, waitingFor: `event '${String(event)}'` };
    const arrive = (value: unknown): void => {
      if (!this.#waiters.wake({ done: false, value })) this.#queue.push(value);
    };
    const arm = (waiter: Waiter<void>): (() => void) => {
      this.#guard = waiter;
      return (this.#stop = listen(target, event, arrive, (error) => this.#fail(error)));
    };
    suspend(arm, { signal, waitingFor: `on('${String(event)}') to be closed` }).catch((error: unknown) => {
      this.#fail(error);
    });
  }

  get size(): number {
    return this.#queue.length;
  }

  next(): Promise<Result> {
    const look = (): Result | Promise<Result> => {
      if (this.#queue.length > 0) return { done: false, value: this.#queue.shift() };
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure !== undefined) throw failure.error;
      if (this.#closed) return DONE;
      return suspend<Result>((waiter) => this.#waiters.add(waiter), this.#options);
    };
    return settling(
      checkpoint(this.#options).then(look),
      (result) => result,
      (error) => {
        // A loop does not say `return()` to an iterator that throws: it must have ended by itself.
        this.#close();
        throw error;
      },
    );
  }

  return(): Promise<Result> {
    this.#close();
    this.#queue.length = 0;
    this.#failure = undefined;
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #close(): void {
    this.#closed = true;
    this.#stop();
    this.#guard?.resume();
    this.#waiters.wakeAll(DONE);
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    // A Cancelled is for its own scope: who waits elsewhere sees the end.
    if (!isCancelled(error) && this.#waiters.take()?.fail(error) !== true) this.#failure = { error };
    this.#close();
  }
}
