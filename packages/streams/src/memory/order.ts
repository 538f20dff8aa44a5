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
  const items: T[] = [];
  return {
    get size() {
      return items.length;
    },
    push: (item) => void items.push(item),
    shift: () => items.pop() as T,
  };
}

/**
 * The least first, by a function as that of `Array.sort`, which must not throw; of equals the oldest.
 *
 * @throws TypeError if `compare` is no function
 */
export function priorityOrder<T>(compare: (a: T, b: T) => number): ItemOrder<T> {
  checkFunction("order by priority", compare);
  const before = (one: Ranked<T> | undefined, other: Ranked<T> | undefined): boolean =>
    one !== undefined && other !== undefined && (compare(one.item, other.item) || one.rank - other.rank) < 0;
  return () => createHeap(before);
}

interface Ranked<T> {
  readonly item: T;
  /** Which of equals is older. */
  readonly rank: number;
}

/** A binary heap: none comes before its parent, that at half its place. */
function createHeap<T>(before: (one?: Ranked<T>, other?: Ranked<T>) => boolean): ItemBuffer<T> {
  const heap: Ranked<T>[] = [];
  let ranks = 0;
  return {
    get size() {
      return heap.length;
    },
    push(item) {
      const added = { item, rank: ranks++ };
      let at = heap.push(added) - 1;
      for (let up = (at - 1) >> 1; before(added, heap[up]); up = (at - 1) >> 1) {
        heap[at] = heap[up]!;
        at = up;
      }
      heap[at] = added;
    },
    shift() {
      const [first] = heap;
      const moved = heap.pop()!;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (before(heap[child + 1], heap[child])) child++;
        if (!before(heap[child], moved)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      if (heap.length > 0) heap[at] = moved;
      return first!.item;
    },
  };
}
