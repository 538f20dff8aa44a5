import { Linked, type Holder } from "../list.ts";
import type { Waiter } from "./waiter.ts";

/** A waiter's place in a queue. */
export class Place<T, I> extends Linked<WaitQueue<T, I>> {
  override parent: WaitQueue<T, I> | undefined = undefined;
  override previous: this | undefined = undefined;
  override next: this | undefined = undefined;
  readonly waiter: Waiter<T>;
  readonly item: I;

  constructor(waiter: Waiter<T>, item: I) {
    super();
    this.waiter = waiter;
    this.item = item;
  }

  override unlink(): void {
    if (this.next !== undefined && this.parent !== undefined) this.parent.size--;
    super.unlink();
  }
}

/**
 * A FIFO of waiters, cancellable, with removal in O(1): trio's ParkingLot. Used inside `suspend`:
 * `suspend((waiter) => queue.add(waiter))`; a cancelled waiter leaves the queue by itself. Each may have an item with it, as
 * what it wants, or offers.
 */
export class WaitQueue<T, I = undefined> implements Holder<Place<T, I>> {
  /** The ring of those who wait. */
  first: Place<T, I> | undefined;
  /** How many wait. */
  size = 0;

  /** Adds as the last. */
  add(waiter: Waiter<T>, item: I = undefined as I): void {
    const place = new Place(waiter, item);
    place.linkTo(this);
    this.size++;
    waiter.place = place;
  }

  /** Removes and gives the first, for the caller to settle. */
  take(): Waiter<T> | undefined {
    const { first } = this;
    first?.unlink();
    return first?.waiter;
  }

  /** Hands `value` to the first; false if none waits. */
  wake(value: T): boolean {
    return this.take()?.resume(value) ?? false;
  }

  /** Hands `value` to all that wait now; gives how many. */
  wakeAll(value: T): number {
    const { size } = this;
    for (let left = size; left > 0; left--) this.wake(value);
    return size;
  }

  /** Fails all that wait now; gives how many. */
  failAll(error: unknown): number {
    const { size } = this;
    for (let left = size; left > 0; left--) this.take()?.fail(error);
    return size;
  }
}
