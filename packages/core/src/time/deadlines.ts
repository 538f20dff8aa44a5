import { cell } from "../cell.ts";
import type { Clock } from "../contract/clock.ts";

/** Something due at a time. `index` is its place in the heap, -1 when it is in none. */
export interface Due {
  dueAt: number;
  /** Before whom it rings of those due at the same time: scopes (0) before sleepers (1), so that who sleeps exactly until a deadline is cancelled (C11). */
  readonly rank: 0 | 1;
  /** Equals ring in the order in which they were set. */
  order: number;
  index: number;
  ring(): void;
}

/**
 * All that is due on one clock: a binary heap over one native timer.
 *
 * The native timer is not moved for each change: an early one is kept, and when it rings the heap is looked at again.
 * Invariant: while the heap is not empty, `armedAt` ≤ its least time.
 */
export class Deadlines {
  private readonly clock: Clock;
  private readonly heap: Due[] = [];
  private armedAt = Infinity;
  private orders = 0;
  private held = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** How much is due some time. */
  get size(): number {
    return this.heap.length;
  }

  /** Adds, or moves to its new `dueAt`. */
  set(due: Due): void {
    due.order = ++this.orders;
    if (due.index < 0) this.heap.push(due);
    const at = due.index < 0 ? this.heap.length - 1 : due.index;
    this.down(this.up(at, due), due);
    this.arm();
  }

  delete(due: Due): void {
    const at = due.index;
    if (at < 0) return;
    due.index = -1;
    const last = this.heap.pop() as Due;
    if (last !== due) this.down(this.up(at, last), last);
    if (this.heap.length === 0) this.hold(false);
  }

  /** Rings all that is due now. */
  expire(): void {
    const now = this.clock.now();
    for (let next = this.heap[0]; next !== undefined && next.dueAt <= now; next = this.heap[0]) {
      this.delete(next);
      next.ring();
    }
  }

  private readonly wake = (): void => {
    this.armedAt = Infinity;
    this.expire();
    this.arm();
  };

  private arm(): void {
    const first = this.heap[0];
    if (first === undefined) return;
    if (first.dueAt < this.armedAt) {
      this.armedAt = first.dueAt;
      this.clock.arm(first.dueAt, this.wake);
      this.held = true;
    } else this.hold(true);
  }

  private hold(wanted: boolean): void {
    if (this.held === wanted) return;
    this.held = wanted;
    this.clock.hold(wanted);
  }

  /** Moves up from `at` as far as it goes; gives the place. */
  private up(at: number, due: Due): number {
    const { heap } = this;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Due;
      if (!before(due, parent)) break;
      this.put(at, parent);
      at = above;
    }
    this.put(at, due);
    return at;
  }

  private down(at: number, due: Due): void {
    const { heap } = this;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Due, heap[below] as Due)) below++;
      const child = heap[below] as Due;
      if (!before(child, due)) break;
      this.put(at, child);
      at = below;
    }
    this.put(at, due);
  }

  private put(at: number, due: Due): void {
    this.heap[at] = due;
    due.index = at;
  }
}

function before(a: Due, b: Due): boolean {
  if (a.dueAt !== b.dueAt) return a.dueAt < b.dueAt;
  return a.rank === b.rank ? a.order < b.order : a.rank < b.rank;
}

/** The one heap of a clock, whichever copy of the package asks. */
export function deadlinesOf(clock: Clock): Deadlines {
  const { heaps } = cell();
  let heap = heaps.get(clock);
  if (heap === undefined) heaps.set(clock, (heap = new Deadlines(clock)));
  return heap;
}
