import { cancelShieldedCheckpoint, sleepUntil, type WaitOptions } from "@arborio/core";
import { afterWait, cancelledNow, currentRuntime, currentScope } from "@arborio/core/lowlevel";
import { checkWhole } from "./argument.ts";
import { checkCallable, wrapped } from "./governor.ts";
import { Lock } from "./lock.ts";

export interface RateLimiterOptions {
  /** How many may come at once after a pause; by default as many as come in an interval. */
  readonly burst?: number | undefined;
}

export interface RateLimiterStatistics {
  /** How many tokens there are now. */
  readonly tokens: number;
  readonly tasksWaiting: number;
}

/**
 * So many an interval, spread evenly, after a burst: a bucket of `burst` tokens, full at first, into which one comes every
 * `interval / tokens` ms of the clock of whoever asks.
 *
 * @throws RangeError if `tokens`, `burst` or `interval`, in ms, is no whole number from 1 on
 */
export class RateLimiter {
  /** Who waits; the first of them sleeps. */
  readonly #line = new Lock("a token of the rate limiter");
  readonly #pace: number;
  readonly #burst: number;
  /** When the bucket will be full; in the past, it is. */
  #fullAt = -Infinity;

  constructor(tokens: number, interval: number, { burst = tokens }: RateLimiterOptions = {}) {
    const action = "make a rate limiter";
    checkWhole(action, "tokens", tokens, 1);
    this.#burst = checkWhole(action, "burst", burst, 1);
    this.#pace = checkWhole(action, "interval", interval, 1) / tokens;
  }

  /**
   * Waits for a token, and takes it.
   *
   * **Cancellation** Takes nothing; the next in line takes the place.
   *
   * **Fairness** First come, first served.
   */
  acquire(options?: WaitOptions): Promise<void> {
    if (!cancelledNow(options) && this.#tryTake(options)) return cancelShieldedCheckpoint();
    // Without an ambient context the scope would be lost on the way to the sleep.
    const how = options ?? currentScope();
    return this.#line.with(() => sleepUntil(this.#nextAt, how).then(() => this.#take(how)), how);
  }

  /** Takes a token if there is one that nobody waits for. Never waits. */
  tryAcquire(): boolean {
    return this.#tryTake();
  }

  /** Waits for a token, then calls `fn`. */
  with<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    checkCallable(fn);
    return afterWait(this.acquire(options).then(fn));
  }

  /** Gives a function that does what `fn` does, each call after a token has come. */
  wrap<S, A extends unknown[], T>(
    fn: (this: S, ...args: A) => T | PromiseLike<T>,
  ): (this: S, ...args: A) => Promise<T> {
    return wrapped(this, fn);
  }

  statistics(): RateLimiterStatistics {
    const missing = Math.max(0, Math.ceil((this.#fullAt - now()) / this.#pace));
    const { out, size } = this.#line;
    return Object.freeze({ tokens: this.#burst - missing, tasksWaiting: out + size });
  }

  /** When the next token is there. */
  get #nextAt(): number {
    return this.#fullAt - (this.#burst - 1) * this.#pace;
  }

  #tryTake(options?: WaitOptions): boolean {
    const there = this.#line.free && this.#nextAt <= now(options);
    if (there) this.#take(options);
    return there;
  }

  #take(options?: WaitOptions): void {
    this.#fullAt = Math.max(this.#fullAt, now(options)) + this.#pace;
  }
}

function now(options?: WaitOptions): number {
  return currentRuntime(options?.signal).clock.now();
}
