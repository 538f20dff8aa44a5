import { checkpoint, MisuseError, type WaitOptions } from "@arborio/core";
import {
  afterWait,
  cancelledNow,
  currentScope,
  suspend,
  trackResource,
  WaitQueue,
  wrongType,
  type ScopeNode,
} from "@arborio/core/lowlevel";
import { checkWhole } from "./argument.ts";
import { checkCallable } from "./governor.ts";
import { Lock, type LockStatistics } from "./lock.ts";
import { Held, type Permit } from "./permit.ts";
import { queued } from "./queued.ts";

export interface ConditionStatistics {
  readonly tasksWaiting: number;
  readonly lock: LockStatistics;
}

/**
 * Waiting until what a lock guards is as one wants it. Several may be on one lock.
 *
 * ```ts fragment
 * const item = await filled.with(async (permit) => {
 *   await filled.waitFor(permit, () => items.length > 0);
 *   return items.shift();
 * });
 * await filled.with(() => { items.push(1); filled.notify(); });
 * ```
 *
 * The guarded state is to be changed while the lock is held: else a waiter may have looked before, and wait after.
 */
export class Condition {
  /** Its own, or the one it was given. */
  readonly lock: Lock;
  readonly #waiters = new WaitQueue<void>();

  constructor(lock: Lock = new Lock()) {
    if (!(lock instanceof Lock)) throw wrongType("make a condition", "it takes a Lock", lock);
    this.lock = lock;
  }

  /** Calls `fn` with the lock held. */
  with<T>(fn: (permit: Permit) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.lock.with(fn, options);
  }

  /**
   * Gives the lock back, at once, waits for a notification, and takes the lock again: the permit holds it before and after.
   *
   * **Cancellation** The lock is taken again first, under a shield (S3). Who was notified before returns, and sees the
   * cancellation at its next checkpoint (C5).
   *
   * @throws MisuseError at once if the permit does not hold the lock
   */
  wait(permit: Permit, options?: WaitOptions): Promise<void> {
    return afterWait(this.#wait(permit, options, currentScope()));
  }

  /**
   * Waits, notification by notification, until `predicate` gives something truthy; gives that.
   *
   * @throws MisuseError at once if the permit does not hold the lock
   */
  waitFor<T>(permit: Permit, predicate: () => T, options?: WaitOptions): Promise<T> {
    checkCallable(predicate);
    this.#checkHeld(permit);
    return afterWait(this.#waitFor(permit, predicate, options, currentScope()));
  }

  /**
   * Wakes so many of those who wait, the first first; each then queues for the lock.
   *
   * @throws MisuseError if nobody holds the lock
   */
  notify(count = 1): void {
    if (!this.lock.locked) throw new MisuseError("Cannot notify: the lock is not held");
    for (let left = checkWhole("notify", "count", count, 0); left > 0 && this.#waiters.wake();) left--;
  }

  /** Wakes all who wait. */
  notifyAll(): void {
    this.notify(this.#waiters.size);
  }

  statistics(): ConditionStatistics {
    return Object.freeze({ tasksWaiting: this.#waiters.size, lock: this.lock.statistics() });
  }

  /** Looks: in a cancelled scope the lock is kept (C3). If that comes to be shielded meanwhile, waits after all. */
  #wait(permit: Permit, options: WaitOptions | undefined, within: ScopeNode | undefined): Promise<void> {
    const held = this.#checkHeld(permit);
    return cancelledNow(options)
      ? checkpoint(options).then(() => this.#wait(held, options, within))
      : this.#park(held, options, within);
  }

  async #waitFor<T>(
    permit: Permit,
    predicate: () => T,
    options: WaitOptions | undefined,
    within: ScopeNode | undefined,
  ): Promise<T> {
    await checkpoint(options);
    for (;;) {
      const value = predicate();
      if (value) return value;
      await this.#wait(permit, options, within);
    }
  }

  /** Gives the lock back, and waits for the notification, in one step; then takes the lock again. */
  async #park(held: Held, options: WaitOptions | undefined, within: ScopeNode | undefined): Promise<void> {
    const notified = queued(this.#waiters, "the condition", options, within);
    held.release();
    held.held = undefined;
    try {
      await notified;
    } finally {
      await this.#retake(held, options, within);
    }
  }

  /** Takes the lock again, whatever is cancelled (S3). */
  async #retake(held: Held, options: WaitOptions | undefined, within: ScopeNode | undefined): Promise<void> {
    const { lock } = this;
    await suspend<Permit>((waiter) => void lock.stand(waiter, held), {
      signal: options?.signal,
      waitingFor: lock.name,
      shielded: true,
      within,
    });
    if (held.held === true) {
      held.untrack = trackResource(held, lock.permitName);
      return;
    }
    lock.giveBack();
    throw new MisuseError("Cannot wait for the condition: the permit was released");
  }

  #checkHeld(permit: Permit): Held {
    if (permit instanceof Held && permit.from === this.lock && permit.held === true) return permit;
    throw new MisuseError("Cannot wait for the condition: the permit does not hold the lock");
  }
}
