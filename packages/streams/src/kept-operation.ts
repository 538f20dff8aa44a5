import { begin, currentRuntime, suspend, type SuspendOptions } from "@arborio/core/lowlevel";

/** Gives its value, or throws its error. */
type Outcome<T> = () => T;

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
  #waiting: ((outcome: Outcome<T>) => void) | undefined;
  #kept: Outcome<T> | undefined;
  #running: Promise<void> | undefined;
  #ending: Ending<T> | undefined;

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
   */
  wait<R>(start: () => Promise<T>, hand: (value: T) => R, options: SuspendOptions): Promise<R> {
    return suspend<R>((waiter) => {
      if (this.#ending) throw this.#ending.error();
      const settle = (outcome: Outcome<T>): void => {
        try {
          // Cancelled in between: the value is still nobody's.
          if (!waiter.resume(hand(outcome()))) this.#kept = outcome;
        } catch (error) {
          waiter.fail(error);
        }
      };
      const kept = this.#kept;
      this.#kept = undefined;
      if (kept) return settle(kept);
      const over = currentRuntime(options.signal).scheduler.busy?.();
      const leave = (): void => {
        this.#waiting = undefined;
        over?.();
      };
      this.#waiting = (outcome) => {
        leave();
        settle(outcome);
      };
      this.#running ??= begin(start, undefined).then(
        (value) => this.#done(() => value),
        (error: unknown) => this.#done(() => fail(error)),
      );
      return leave;
    }, options);
  }

  /** Keeps a value for the next wait: what is left of one that was handed over in part. */
  keep(value: T): void {
    this.#kept = () => value;
  }

  /** Takes what is kept, if it is a value. */
  take(): T | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    try {
      return kept?.();
    } catch {
      return undefined;
    }
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
    this.#waiting?.(() => fail(error()));
  }

  #done(outcome: Outcome<T>): void {
    this.#running = undefined;
    if (this.#waiting) return this.#waiting(outcome);
    this.#kept = outcome;
    if (this.#ending) this.#drop();
  }

  #drop(): void {
    const kept = this.take();
    if (kept !== undefined) this.#ending?.discard(kept);
  }
}

function fail(error: unknown): never {
  throw error;
}
