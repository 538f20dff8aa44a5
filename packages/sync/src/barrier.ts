import { BrokenBarrierError, type WaitOptions } from "@arborio/core";
import { WaitQueue } from "@arborio/core/lowlevel";
import { checkWhole } from "./argument.ts";
import { queued } from "./queued.ts";

export interface BarrierStatistics {
  readonly parties: number;
  readonly broken: boolean;
  readonly tasksWaiting: number;
}

/**
 * Holds up so many parties until all have come, then lets them go on together; again and again.
 *
 * All of a round are released by the call of the last (C5): who comes then belongs to the next round.
 *
 * @throws RangeError if `parties` is no whole number from 1 on
 */
export class Barrier {
  readonly parties: number;
  readonly #waiters = new WaitQueue<number>();
  #broken = false;

  constructor(parties: number) {
    this.parties = checkWhole("make a barrier", "parties", parties, 1);
  }

  get broken(): boolean {
    return this.#broken;
  }

  /**
   * Waits until all parties have come. Gives a number from 0 on, in the order in which they came, another to each.
   *
   * **Cancellation** The party leaves as if it had not come; the barrier is not broken.
   *
   * **Throws** BrokenBarrierError if the barrier is broken, or is broken or reset while it waits.
   */
  wait(options?: WaitOptions): Promise<number> {
    const waiters = this.#waiters;
    const wait = queued(waiters, "the barrier", options);
    if (this.#broken) this.#failAll();
    else if (waiters.size === this.parties) for (let index = 0; waiters.wake(index);) index++;
    return wait;
  }

  /** Breaks it, for who waits and who comes, until {@link reset}. */
  abort(): void {
    this.#broken = true;
    this.#failAll();
  }

  /** Makes it as new. Who waits has a BrokenBarrierError. */
  reset(): void {
    this.#broken = false;
    this.#failAll();
  }

  statistics(): BarrierStatistics {
    return Object.freeze({ parties: this.parties, broken: this.#broken, tasksWaiting: this.#waiters.size });
  }

  #failAll(): void {
    this.#waiters.failAll(new BrokenBarrierError("Cannot wait at the barrier: it is broken"));
  }
}
