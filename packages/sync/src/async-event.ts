import { checkpoint, type WaitOptions } from "@arborio/core";
import { WaitQueue } from "@arborio/core/lowlevel";
import { queued } from "./queued.ts";

export interface AsyncEventStatistics {
  readonly isSet: boolean;
  readonly tasksWaiting: number;
}

/** Something that happens once: it is set for good, and all who wait for it go on. */
export class AsyncEvent {
  readonly #waiters = new WaitQueue<void>();
  #isSet = false;

  get isSet(): boolean {
    return this.#isSet;
  }

  /** Wakes all who wait, now and later. Idempotent. */
  set(): void {
    this.#isSet = true;
    this.#waiters.wakeAll();
  }

  /** Waits until it is set. If it is already, this is a checkpoint (C3). */
  wait(options?: WaitOptions): Promise<void> {
    if (this.#isSet) return checkpoint(options);
    return queued(this.#waiters, "the event", options);
  }

  statistics(): AsyncEventStatistics {
    return Object.freeze({ isSet: this.#isSet, tasksWaiting: this.#waiters.size });
  }
}
