import { MisuseError } from "@arborio/core";
import { checkWhole } from "./argument.ts";
import { Governor } from "./governor.ts";

export interface SemaphoreOptions {
  /** What its value may never exceed (S4); by default `Infinity`. */
  readonly maxValue?: number | undefined;
}

export interface SemaphoreStatistics {
  readonly value: number;
  readonly tasksWaiting: number;
}

/**
 * So many at a time, first come, first served. Its value is how many permits are free.
 *
 * A permit gives itself back. A bare {@link release} adds one that nobody had to take: for counting what others are to take.
 *
 * @throws RangeError if `initial` is no whole number from 0 on, or `maxValue` none from `initial` on
 */
export class Semaphore extends Governor {
  readonly maxValue: number;
  #total: number;

  constructor(initial: number, { maxValue = Infinity }: SemaphoreOptions = {}) {
    super("a permit of the semaphore");
    this.#total = checkWhole("make a semaphore", "initial", initial, 0);
    this.maxValue = checkWhole("make a semaphore", "maxValue", maxValue, initial, Infinity);
  }

  /** @internal */
  get room(): boolean {
    return this.value > 0;
  }

  get value(): number {
    return this.#total - this.out;
  }

  /**
   * Adds a permit, for the first who waits or for the next who comes.
   *
   * @throws MisuseError if that were more than `maxValue`; then nothing has changed (S4)
   */
  release(): void {
    this.#checkMaximum();
    this.#total++;
    this.handOver();
  }

  statistics(): SemaphoreStatistics {
    return Object.freeze({ value: this.value, tasksWaiting: this.size });
  }

  /** @internal */
  override giveBack(): void {
    this.#checkMaximum();
    super.giveBack();
  }

  #checkMaximum(): void {
    if (this.value !== this.maxValue) return;
    throw new MisuseError(`Cannot release the semaphore: it is at its maximum`);
  }
}
