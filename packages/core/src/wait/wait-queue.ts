import type { Waiter, WaitRecord } from "./waiter.ts";

/**
 * A FIFO of waiters, cancellable, with removal in O(1): trio's ParkingLot. Used inside `suspend`:
 * `suspend((waiter) => queue.add(waiter))`; a cancelled waiter leaves the queue by itself.
 */
export class WaitQueue<T> {
  private head: WaitRecord<T> | undefined = undefined;
  private tail: WaitRecord<T> | undefined = undefined;
  private length = 0;

  /** How many wait. */
  get size(): number {
    return this.length;
  }

  /** Adds as the last. */
  add(waiter: Waiter<T>): void {
    const record = waiter as WaitRecord<T>;
    record.queue = this;
    record.ahead = this.tail;
    if (this.tail === undefined) this.head = record;
    else this.tail.behind = record;
    this.tail = record;
    this.length++;
  }

  /** Removes and gives the first, for the caller to settle. */
  take(): Waiter<T> | undefined {
    const first = this.head;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Hands `value` to the first; false if none waits. */
  wake(value: T): boolean {
    return this.take()?.resume(value) ?? false;
  }

  /** Hands `value` to all that wait now; gives how many. */
  wakeAll(value: T): number {
    const count = this.length;
    for (let left = count; left > 0; left--) this.wake(value);
    return count;
  }

  /** Fails all that wait now; gives how many. */
  failAll(error: unknown): number {
    const count = this.length;
    for (let left = count; left > 0; left--) this.take()?.fail(error);
    return count;
  }

  /** Takes a waiter out; no-op if it stands in no queue or another. */
  remove(waiter: Waiter<T>): void {
    const record = waiter as WaitRecord<T>;
    if (record.queue !== this) return;
    const { ahead, behind } = record as { ahead: WaitRecord<T> | undefined; behind: WaitRecord<T> | undefined };
    if (ahead === undefined) this.head = behind;
    else ahead.behind = behind;
    if (behind === undefined) this.tail = ahead;
    else behind.ahead = ahead;
    record.queue = record.ahead = record.behind = undefined;
    this.length--;
  }
}
