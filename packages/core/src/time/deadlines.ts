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
export class Deadlines {
  private readonly clock: Clock;
  private readonly heap: Due[] = [];
  private armedAt = Infinity;
  private orders = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** How much is due some time. */
  get size(): number {
    return this.heap.length;
  }

  /** Adds, or moves to its new `dueAt`. */
  set(due: Due): void {
    const { heap } = this;
    due.order = ++this.orders + due.rank;
    if (due.index < 0) {
      due.index = heap.length;
      heap.push(due);
      if (heap.length === 1) this.clock.hold(true);
    }
    this.sift(due);
    this.arm();
  }

  delete(due: Due): void {
    const { heap } = this;
    const at = due.index;
    if (at < 0) return;
    due.index = -1;
    const last = heap.pop() as Due;
    if (last !== due) {
      last.index = at;
      this.sift(last);
    }
    if (heap.length === 0) this.clock.hold(false);
  }

  /** Rings all that is due now. */
  expire(): void {
    const now = this.clock.now();
    for (let next = this.heap[0]; next !== undefined && next.dueAt <= now; next = this.heap[0]) {
      this.delete(next);
      next.ring();
    }
  }

  private arm(): void {
    const at = this.heap[0]?.dueAt ?? Infinity;
    if (at >= this.armedAt) return;
    this.armedAt = at;
    this.clock.arm(at, () => {
      this.armedAt = Infinity;
      this.expire();
      this.arm();
    });
  }

  /** Moves an item from `index`, where it is or is to be, to where it belongs: up, else down. */
  private sift(due: Due): void {
    const { heap } = this;
    let at = due.index;
    const put = (from: number): void => {
      const other = heap[from] as Due;
      heap[at] = other;
      other.index = at;
      at = from;
    };
    const above = (): number => (at - 1) >> 1;
    const below = (): number => (before(heap[2 * at + 2], heap[2 * at + 1]) ? 2 * at + 2 : 2 * at + 1);
    while (at > 0 && before(due, heap[above()])) put(above());
    while (before(heap[below()], due)) put(below());
    heap[at] = due;
    due.index = at;
  }
}

function before(a: Due | undefined, b: Due | undefined): boolean {
  return a !== undefined && b !== undefined && (a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt);
}

/** The one heap of a clock, whichever copy of the package asks. */
export function deadlinesOf(clock: Clock): Deadlines {
  const { heaps } = cell();
  let heap = heaps.get(clock);
  if (heap === undefined) heaps.set(clock, (heap = new Deadlines(clock)));
  return heap;
}
