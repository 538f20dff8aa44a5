import { checkpoint, MisuseError, type WaitOptions } from "@arborio/core";
import {
  checkFunction,
  currentScope,
  settling,
  suspend,
  WaitQueue,
  wrongType,
  type ScopeNode,
} from "@arborio/core/lowlevel";
import { checkWhole } from "./argument.ts";
import { Lock, type LockStatistics } from "./lock.ts";
import { Held, type Permit } from "./permit.ts";

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

  /** Waits for the lock. */
  acquire(options?: WaitOptions): Promise<Permit> {
    return this.lock.acquire(options);
  }

  /** Calls `fn` with the lock held. */
  with<T>(fn: (permit: Permit) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.lock.with(fn, options);
  }

  /**
   * Gives the lock back, waits for a notification, and takes the lock again: the permit holds it before and after.
   *
   * **Cancellation** The lock is taken again first, under a shield (S3). Who was notified before returns, and sees the
   * cancellation at its next checkpoint (C5).
   *
   * @throws MisuseError at once if the permit does not hold the lock
   */
  wait(permit: Permit, options?: WaitOptions): Promise<void> {
    const held = this.#checkHeld(permit);
    const within = currentScope();
    const waited = checkpoint(options).then(() => this.#park(this.#checkHeld(held), options, within));
    return settling(waited, () => undefined);
  }

  /**
   * Waits, notification by notification, until `predicate` gives something truthy; gives that.
   *
   * @throws MisuseError at once if the permit does not hold the lock
   */
  waitFor<T>(permit: Permit, predicate: () => T, options?: WaitOptions): Promise<T> {
    checkFunction("wait for the condition", predicate);
    this.#checkHeld(permit);
    return settling(this.#waitFor(permit, predicate, options), (value) => value);
  }

  /**
   * Wakes so many of those who wait, the first first; each then queues for the lock.
   *
   * @throws MisuseError if nobody holds the lock
   */
  notify(count = 1): void {
    this.#checkLocked();
    for (let left = checkWhole("notify", "count", count, 0); left > 0 && this.#waiters.wake(); ) left--;
  }

  /** Wakes all who wait. */
  notifyAll(): void {
    this.#checkLocked();
    this.#waiters.wakeAll();
  }

  statistics(): ConditionStatistics {
    return Object.freeze({ tasksWaiting: this.#waiters.size, lock: this.lock.statistics() });
  }

  async #waitFor<T>(permit: Permit, predicate: () => T, options: WaitOptions | undefined): Promise<T> {
    await checkpoint(options);
    for (;;) {
      const value = predicate();
      if (value) return value;
      await this.wait(permit, options);
    }
  }

  /** Waits for the notification without the lock. */
  #park(held: Held, options: WaitOptions | undefined, within: ScopeNode | undefined): Promise<void> {
    const notified = suspend<void>((waiter) => this.#waiters.add(waiter), {
      signal: options?.signal,
      waitingFor: "the condition",
      within,
    });
    held.lend();
    const retake = (): Promise<void> =>
      this.lock.enter(new Held(this.lock), options, true, within).then((fresh) => held.replace(fresh as Held));
    return notified.then(retake, (error: unknown) =>
      retake().then(() => {
        throw error;
      }),
    );
  }

  #checkHeld(permit: Permit): Held {
    if (permit instanceof Held && permit.from === this.lock && permit.held === true) return permit;
    throw new MisuseError("Cannot wait for the condition: the permit does not hold its lock");
  }

  #checkLocked(): void {
    if (!this.lock.locked) throw new MisuseError("Cannot notify: the lock is not held");
  }
}
