import { cell } from "../cell.ts";
import type { Clock } from "../contract/clock.ts";

/** Something due at a time. */
export interface Due {
  dueAt: number;
  /**
   * Breaks ties: those due at the same time ring in the order in which they were set; scopes before sleepers, so that who sleeps
   * exactly until a deadline is cancelled (C11). Set by the heap.
   */
  order: number;
  /** What is added to the order: 0 for scopes, {@link AFTER_SCOPES} for sleepers. */
  readonly rank: number;
  /** Its place in the heap, -1 when it is in none. */
  index: number;
  ring(): void;
}

/** More than there will ever be deadlines set. */
export const AFTER_SCOPES: number = 2 ** 52;

/**
 * All that is due on one clock: a binary heap over one native timer.
 *
 * The native timer is not moved for each change: an early one is kept, and when it rings the heap is looked at again.
 * Invariant: while the heap is not empty, `armedAt` ≤ its least time.
 */
export interface Deadlines {
  /** How much is due some time. */
  readonly size: number;
  /** Adds, or moves to its new `dueAt`. */
  set(due: Due): void;
  delete(due: Due): void;
  /** Rings all that is due now. */
  expire(): void;
}

function createDeadlines(clock: Clock): Deadlines {
  const heap: Due[] = [];
  let armedAt = Infinity;
  let orders = 0;

  const remove = (due: Due): void => {
    const at = due.index;
    if (at < 0) return;
    due.index = -1;
    const last = heap.pop() as Due;
    if (last !== due) sift(heap, last, at);
    if (heap.length === 0) clock.hold(false);
  };

  const expire = (): void => {
    const now = clock.now();
    for (let next = heap[0]; next !== undefined && next.dueAt <= now; next = heap[0]) {
      remove(next);
      next.ring();
    }
  };

  const arm = (): void => {
    const at = heap[0]?.dueAt ?? Infinity;
    if (at >= armedAt) return;
    armedAt = at;
    clock.arm(at, () => {
      armedAt = Infinity;
      expire();
      arm();
    });
  };

  return {
    get size() {
      return heap.length;
    },
    set(due) {
      due.order = ++orders + due.rank;
      if (due.index >= 0) sift(heap, due, due.index);
      else {
        sift(heap, due, heap.push(due) - 1);
        if (heap.length === 1) clock.hold(true);
      }
      arm();
    },
    delete: remove,
    expire,
  };
}

/** Puts an item that is, or is to be, at `at` where it belongs: up, else down. */
function sift(heap: Due[], due: Due, at: number): void {
  const move = (from: number): void => {
    const other = heap[from] as Due;
    heap[at] = other;
    other.index = at;
    at = from;
  };
  for (let above = (at - 1) >> 1; at > 0 && before(due, heap[above]); above = (at - 1) >> 1) move(above);
  for (;;) {
    const left = 2 * at + 1;
    const below = before(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!before(heap[below], due)) break;
    move(below);
  }
  heap[at] = due;
  due.index = at;
}

function before(a: Due | undefined, b: Due | undefined): boolean {
  return a !== undefined && b !== undefined && (a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt);
}

/** The one heap of a clock, whichever copy of the package asks. */
export function deadlinesOf(clock: Clock): Deadlines {
  const { heaps } = cell();
  let heap = heaps.get(clock);
  if (heap === undefined) heaps.set(clock, (heap = createDeadlines(clock)));
  return heap;
}
