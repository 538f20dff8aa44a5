import { cancelShieldedCheckpoint, sleepUntil, WouldBlock, type WaitOptions } from "@arborio/core";
import { cancelledNow, checkFunction, checkTime, currentRuntime, settling } from "@arborio/core/lowlevel";
import { checkWhole } from "./argument.ts";
import { Governor } from "./governor.ts";

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
 * @throws RangeError if `tokens` or `burst` is no whole number from 1 on, or `interval`, in ms, not positive and finite
 */
export class RateLimiter {
  /** Who waits; the first of them sleeps. */
  readonly #line = new Turn();
  readonly #pace: number;
  readonly #burst: number;
  /** When the bucket will be full; in the past, it is. */
  #fullAt = -Infinity;

  constructor(tokens: number, interval: number, { burst = tokens }: RateLimiterOptions = {}) {
    const action = "make a rate limiter";
    checkWhole(action, "tokens", tokens, 1);
    this.#burst = checkWhole(action, "burst", burst, 1);
    if (!(checkTime(action, "interval", interval) > 0 && interval < Infinity)) {
      throw new RangeError(`Cannot ${action}: interval must be positive and finite, received ${String(interval)}`);
    }
    this.#pace = interval / tokens;
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
    return this.#line.with(() => {
      return settling(sleepUntil(this.#nextAt, options), () => this.#take(options));
    }, options);
  }

  /** Takes a token if there is one that nobody waits for. Never waits. */
  tryAcquire(): boolean {
    return this.#tryTake();
  }

  /**
   * Takes a token. Never waits.
   *
   * @throws WouldBlock if there is none that nobody waits for
   */
  acquireNowait(): void {
    if (!this.#tryTake()) throw new WouldBlock("Cannot take a token of the rate limiter: one would have to wait");
  }

  /** Waits for a token, then calls `fn`. */
  with<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    checkFunction("limit the rate", fn);
    return settling(this.acquire(options).then(fn), (value) => value);
  }

  /** Gives a function that does what `fn` does, each call after a token has come. */
  wrap<S, A extends unknown[], T>(
    fn: (this: S, ...args: A) => T | PromiseLike<T>,
  ): (this: S, ...args: A) => Promise<T> {
    checkFunction("limit the rate", fn);
    const hold = (call: () => T | PromiseLike<T>): Promise<T> => this.with(call);
    return function (...args) {
      return hold(() => fn.apply(this, args));
    };
  }

  statistics(): RateLimiterStatistics {
    const missing = Math.max(0, Math.ceil((this.#fullAt - now()) / this.#pace));
    const { size } = this.#line.line;
    return Object.freeze({ tokens: this.#burst - missing, tasksWaiting: this.#line.out + size });
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

/** The turn to sleep for the next token. */
class Turn extends Governor {
  constructor() {
    super("a token of the rate limiter");
  }

  get room(): boolean {
    return this.out === 0;
  }
}
