import { cancelShieldedCheckpoint, type WaitOptions } from "@arborio/core";
import { cancelledNow, show, suspend, WaitQueue } from "@arborio/core/lowlevel";

/** Room for so many at once; who waits for it gets it in FIFO order, handed over (S1). */
export class Room {
  readonly #waiters = new WaitQueue<void>();
  #free: number;

  /** @throws RangeError for what is no whole number from 1 on, or `Infinity` */
  constructor(action: string, limit: number) {
    if (!(limit >= 1 && (limit === Infinity || Number.isInteger(limit)))) {
      throw new RangeError(
        `Cannot ${action}: limit must be a whole number from 1 on, or Infinity, received ${show(limit)}`,
      );
    }
    this.#free = limit;
  }

  /** Takes room if there is some; never waits. */
  tryTake(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    return true;
  }

  /** Looks, takes, then yields; in a cancelled scope takes nothing (C3). */
  take(options?: WaitOptions): Promise<void> {
    if (!cancelledNow(options) && this.tryTake()) return cancelShieldedCheckpoint();
    return suspend<void>((waiter) => this.#waiters.add(waiter), {
      signal: options?.signal,
      waitingFor: "room for another task",
    });
  }

  give(): void {
    if (!this.#waiters.wake()) this.#free++;
  }

  /** `fn`, giving back the room when it has ended. */
  bound<A, T>(fn: (arg: A) => T | PromiseLike<T>): (arg: A) => Promise<T> {
    return async (arg) => {
      try {
        return await fn(arg);
      } finally {
        this.give();
      }
    };
  }
}
