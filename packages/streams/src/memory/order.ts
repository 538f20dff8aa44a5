import { checkFunction } from "@arborio/core/lowlevel";

/** What waits in a stream to be received; which comes out next is its order. */
export interface ItemBuffer<T> {
  readonly size: number;
  push(item: T): void;
  /** Removes and gives the next; called if there is one. */
  shift(): T;
}

/** Makes the buffer of one stream: {@link lifoOrder}, {@link priorityOrder}, or one of your own. */
export type ItemOrder<T> = () => ItemBuffer<T>;

/** The newest first. */
export function lifoOrder<T>(): ItemBuffer<T> {
  return new Stack<T>();
}

/**
 * The least first, by a function as that of `Array.sort`, which must not throw; of equals the oldest.
 *
 * @throws TypeError if `compare` is no function
 */
export function priorityOrder<T>(compare: (a: T, b: T) => number): ItemOrder<T> {
  checkFunction("order by priority", compare);
  return () => new Heap(compare);
}

class Stack<T> implements ItemBuffer<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T {
    return this.#items.pop() as T;
  }
}

interface Ranked<T> {
  readonly item: T;
  /** Which of equals is older. */
  readonly rank: number;
}

/** A binary heap: none comes before its parent, that at half its place. */
class Heap<T> implements ItemBuffer<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #heap: Ranked<T>[] = [];
  #rank = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#heap.length;
  }

  push(item: T): void {
    let at = this.#heap.push({ item, rank: this.#rank++ }) - 1;
    while (at > 0 && this.#swapped(at, (at - 1) >> 1)) at = (at - 1) >> 1;
  }

  shift(): T {
    const heap = this.#heap;
    const last = heap.pop() as Ranked<T>;
    const first = heap[0];
    if (first === undefined) return last.item;
    heap[0] = last;
    let at = 0;
    for (let child = this.#lesserChild(at); this.#swapped(child, at); child = this.#lesserChild(at))
      at = child;
    return first.item;
  }

  #lesserChild(at: number): number {
    const left = 2 * at + 1;
    return this.#before(left + 1, left) ? left + 1 : left;
  }

  /** Puts the lower into its parent's place, if it comes before it. */
  #swapped(lower: number, upper: number): boolean {
    if (!this.#before(lower, upper)) return false;
    const heap = this.#heap as [Ranked<T>];
    [heap[lower as 0], heap[upper as 0]] = [heap[upper as 0], heap[lower as 0]];
    return true;
  }

  #before(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    return (this.#compare(one.item, other.item) || one.rank - other.rank) < 0;
  }
}
