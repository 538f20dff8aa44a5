import { begin, currentRuntime, suspend, type SuspendOptions, type Waiter } from "@arborio/core/lowlevel";

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

interface Waiting<T> {
  readonly waiter: Waiter<unknown>;
  readonly hand: (value: T) => unknown;
  readonly failure: (error: unknown) => unknown;
  /** Tells the scheduler that nobody waits any more. */
  readonly over: (() => void) | undefined;
}

interface Ending<T> {
  error(): Error;
  discard(late: T): void;
}

/**
 * For authors of streams: an operation of a backend that cannot be taken back, as a read or an accept. If its wait is
 * cancelled it goes on, and what it brings belongs to whoever waits next (M6). At most one runs, and one waits.
 *
 * Invariant: while someone waits nothing is kept, and one runs.
 */
export class KeptOperation<T> {
  #waiting: Waiting<T> | undefined;
  #kept: Outcome<T> | undefined;
  #running: Promise<void> | undefined;
  #ending: Ending<T> | undefined;
  // Made once: a read or a write a message is what most programs on streams do.
  readonly #leave = (): void => void this.#left();
  readonly #succeeded = (value: T): void => this.#done({ value });
  readonly #failed = (error: unknown): void => this.#done({ error });

  /** Whether someone waits for it now. */
  get busy(): boolean {
    return this.#waiting !== undefined;
  }

  /** Whether a cancelled wait left it running, or its outcome to be had. */
  get abandoned(): boolean {
    return !this.#waiting && !this.#ending && (this.#running ?? this.#kept) !== undefined;
  }

  /**
   * Waits for the one that was left, else for one that `start` begins.
   *
   * **Cancellation** In a cancelled scope none is begun; later, it goes on for the next wait.
   *
   * @param hand makes of its value what the caller is given, at the moment it is handed over; may throw
   * @param failure makes of its error what the caller is thrown
   */
  wait<R>(
    start: () => Promise<T>,
    hand: (value: T) => R,
    options: SuspendOptions,
    failure: (error: unknown) => unknown = unchanged,
  ): Promise<R> {
    return suspend<R>((waiter) => {
      if (this.#ending) throw this.#ending.error();
      const kept = this.#kept;
      this.#kept = undefined;
      const over = kept ? undefined : currentRuntime(options.signal).scheduler.busy?.();
      const waiting = { waiter: waiter as Waiter<unknown>, hand, failure, over };
      if (kept) return this.#settle(waiting, kept);
      this.#waiting = waiting;
      this.#running ??= begin(start, undefined).then(this.#succeeded, this.#failed);
      return this.#leave;
    }, options);
  }

  /**
   * Takes over an operation that has begun, for the wait that comes next. If the deadline passes before that, the wait fails at
   * once: then the operation was left by it as by one that is cancelled later. Called while none runs and nothing is kept.
   */
  adopt(begun: Promise<T>): void {
    this.#running = begun.then(this.#succeeded, this.#failed);
  }

  /** Keeps a value for the next wait: what is left of one that was handed over in part. */
  keep(value: T): void {
    this.#kept = { value };
  }

  /** Takes what is kept, if it is a value. */
  take(): T | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept && "value" in kept ? kept.value : undefined;
  }

  /** Resolves when none runs; never rejects. */
  idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  /** Fails whoever waits, now and later, with `error`. What it brings, or has brought for nobody, goes to `discard`. */
  end(error: () => Error, discard: (late: T) => void = () => {}): void {
    if (this.#ending) return;
    this.#ending = { error, discard };
    this.#drop();
    this.#left()?.waiter.fail(error());
  }

  #done(outcome: Outcome<T>): void {
    this.#running = undefined;
    const waiting = this.#left();
    if (waiting) return this.#settle(waiting, outcome);
    this.#kept = outcome;
    if (this.#ending) this.#drop();
  }

  #settle({ waiter, hand, failure }: Waiting<T>, outcome: Outcome<T>): void {
    if ("error" in outcome) return void waiter.fail(failure(outcome.error));
    try {
      // Cancelled in between: the value is still nobody's.
      if (!waiter.resume(hand(outcome.value))) this.#kept = outcome;
    } catch (error) {
      waiter.fail(error);
    }
  }

  /** Who waited: from now on nobody does. */
  #left(): Waiting<T> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.over?.();
    return waiting;
  }

  #drop(): void {
    const kept = this.take();
    if (kept !== undefined) this.#ending?.discard(kept);
  }
}

const unchanged = (error: unknown): unknown => error;
