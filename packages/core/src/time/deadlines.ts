import { cell } from "../cell.ts";
import type { Clock } from "../contract/clock.ts";
import { createTimerClock } from "../platform/clock.ts";
import type { Runtime } from "../run/runtime.ts";

/** More than there will ever be deadlines set. */
export const AFTER_SCOPES: number = 2 ** 52;

/** What is told that its time has come. */
export interface Rings {
  ring(): void;
}

/** Something due at a time, which does not change: who is due at another time has another. */
export class Due {
  /** A time of the clock, in ms. */
  readonly at: number;
  /**
   * Breaks ties: those due at the same time ring in the order in which they were set; scopes before sleepers, so that who
   * sleeps exactly until a deadline is cancelled (C11). The heap adds to it.
   */
  order: number;
  /** Its place in the heap, -1 when it is in none. */
  index = -1;
  readonly target: Rings;

  /** @param order {@link AFTER_SCOPES} for what is no scope */
  constructor(at: number, target: Rings, order = 0) {
    this.at = at;
    this.target = target;
    this.order = order;
  }
}

/**
 * All that is due on one clock: a binary heap over one native timer.
 *
 * The native timer is not moved for each change: an early one is kept, and when it rings the heap is looked at again.
 * Invariant: while the heap is not empty, `armedAt` ≤ its least time.
 */
export interface Deadlines {
  /** How much is due some time. */
  readonly size: number;
  add(due: Due): void;
  delete(due: Due): void;
  /** Rings all that is due now. */
  expire(): void;
}

function createDeadlines(clock: Clock): Deadlines {
  // The first `size` of it. An array that is emptied gives its memory back, and takes it again with the next timeout: that
  // costs more than all the rest of one. This keeps a word for each of as many as were ever due at once.
  const heap: (Due | undefined)[] = [];
  let size = 0;
  let armedAt = Infinity;
  let orders = 0;

  /** Puts an item that is, or is to be, at `at` where it belongs: up, else down. */
  const sift = (due: Due, at: number): void => {
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = heap[above] as Due;
      if (!before(due, other)) break;
      heap[at] = other;
      other.index = at;
      at = above;
    }
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) break;
      if (below + 1 < size && before(heap[below + 1] as Due, heap[below] as Due)) below++;
      const other = heap[below] as Due;
      if (!before(other, due)) break;
      heap[at] = other;
      other.index = at;
      at = below;
    }
    heap[at] = due;
    due.index = at;
  };

  const remove = (due: Due): void => {
    const at = due.index;
    if (at < 0) return;
    due.index = -1;
    const last = heap[--size] as Due;
    heap[size] = undefined;
    if (last !== due) sift(last, at);
    if (size === 0) clock.hold(false);
  };

  const expire = (): void => {
    const now = clock.now();
    for (let next = heap[0]; next !== undefined && next.at <= now; next = heap[0]) {
      remove(next);
      next.target.ring();
    }
  };

  const arm = (): void => {
    const at = heap[0]?.at ?? Infinity;
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
      return size;
    },
    add(due) {
      due.order += ++orders;
      sift(due, size++);
      if (size === 1) clock.hold(true);
      arm();
    },
    delete: remove,
    expire,
  };
}

function before(a: Due, b: Due): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}

/** What has a clock: a runtime, or whoever shares the alarm of a clock with the runtimes on it. */
export type Timed = Pick<Runtime, "clock" | "deadlines">;

/** The one heap of a runtime's clock, whichever copy of the package asks. What never asks needs no timers. */
export function deadlinesOf(runtime: Timed): Deadlines {
  const { clock } = runtime;
  const { heaps } = cell();
  let heap = (runtime.deadlines ??= heaps.get(clock));
  if (heap === undefined) {
    heap = runtime.deadlines = createDeadlines(
      clock.arm === undefined ? createTimerClock() : (clock as Clock),
    );
    heaps.set(clock, heap);
  }
  return heap;
}
