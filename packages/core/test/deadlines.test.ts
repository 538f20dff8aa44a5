import { run } from "@arborio/core";
import { currentRuntime, deadlinesOf, Due } from "@arborio/core/lowlevel";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clock } from "@arborio/core/backend";

type Deadlines = ReturnType<typeof deadlinesOf>;

/** What comes first in the order of sleepers; that of scopes is 0. */
const SLEEPER = 2 ** 52;

/** The heap of a clock. */
const heapOf = (clock: Clock): Promise<Deadlines> =>
  run(() => deadlinesOf(currentRuntime()), { backend: { name: "hand", clock } });

/** A clock whose time is set, and whose alarm rings when told. */
class HandClock implements Clock {
  time = 0;
  held = false;
  armed = 0;
  alarm: { readonly at: number; readonly wake: () => void } | undefined;

  now(): number {
    return this.time;
  }

  arm(at: number, wake: () => void): void {
    this.armed++;
    this.alarm = { at, wake };
  }

  hold(wanted: boolean): void {
    this.held = wanted;
  }

  /** Goes to a time, ringing what is set on the way, each alarm once. */
  goTo(time: number): void {
    while (this.alarm !== undefined && this.alarm.at <= time) {
      const { at, wake } = this.alarm;
      this.alarm = undefined;
      this.time = Math.max(this.time, at);
      wake();
    }
    this.time = time;
  }
}

/** Who is due at one time or another. */
class Entry {
  readonly name: number;
  readonly order: number;
  ring: () => void;
  due: Due | undefined;

  constructor(name: number, order: number, rung: number[]) {
    this.name = name;
    this.order = order;
    this.ring = () => void rung.push(name);
  }

  set(heap: Deadlines, at: number): void {
    this.delete(heap);
    heap.add((this.due = new Due(at, { ring: () => this.ring() }, this.order)));
  }

  delete(heap: Deadlines): void {
    if (this.due !== undefined) heap.delete(this.due);
  }
}

/** The same as a list, sorted when looked at. */
class Model {
  readonly rung: number[] = [];
  private entries: { name: number; at: number; rank: number; order: number }[] = [];
  private orders = 0;

  get size(): number {
    return this.entries.length;
  }

  set(name: number, at: number, rank: number): void {
    this.delete(name);
    this.entries.push({ name, at, rank, order: this.orders++ });
  }

  delete(name: number): void {
    this.entries = this.entries.filter((entry) => entry.name !== name);
  }

  goTo(time: number): void {
    this.entries.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order);
    while (this.entries[0] !== undefined && this.entries[0].at <= time)
      this.rung.push((this.entries.shift() as { name: number }).name);
  }
}

type Step =
  | { readonly op: "set"; readonly name: number; readonly in: number }
  | { readonly op: "delete"; readonly name: number }
  | { readonly op: "pass"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant("set" as const), name: fc.nat(12), in: fc.nat(10) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("delete" as const), name: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("pass" as const), ms: fc.nat(8) }) },
);

test("the heap is a sorted list: by time, scopes before sleepers, then by the order of setting", async () => {
  const check = async (steps: Step[]): Promise<void> => {
    const clock = new HandClock();
    const heap = await heapOf(clock);
    const model = new Model();
    const rung: number[] = [];
    const entries = Array.from(
      { length: 13 },
      (_, name) => new Entry(name, name % 2 === 0 ? 0 : SLEEPER, rung),
    );
    for (const one of steps) {
      const entry = "name" in one ? (entries[one.name] as Entry) : undefined;
      if (one.op === "set" && entry !== undefined) {
        // Due now would ring only at the next look: the callers see to that.
        const at = clock.time + one.in + 1;
        entry.set(heap, at);
        model.set(entry.name, at, entry.order);
      } else if (one.op === "delete" && entry !== undefined) {
        entry.delete(heap);
        model.delete(entry.name);
      } else if (one.op === "pass") {
        clock.goTo(clock.time + one.ms);
        model.goTo(clock.time);
      }
      expect(heap.size).toBe(model.size);
      expect(rung).toEqual(model.rung);
      if (heap.size > 0) expect(clock.alarm).toBeDefined();
      expect(clock.held || heap.size === 0).toBe(true);
    }
    clock.goTo(1e9);
    model.goTo(1e9);
    expect([rung, heap.size, clock.held]).toEqual([model.rung, 0, false]);
    expect(entries.every(({ due }) => due === undefined || due.index === -1)).toBe(true);
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), check), { numRuns: 500, seed: 1 });
});

test("the native timer is not moved for each change: an early one is kept", async () => {
  const clock = new HandClock();
  const heap = await heapOf(clock);
  const rung: number[] = [];
  const entries = [1, 2].map((name) => new Entry(name, 0, rung));
  for (const [index, entry] of entries.entries()) {
    entry.set(heap, 100 + index);
  }
  for (let later = 200; later < 1_200; later++) {
    for (const entry of entries) {
      entry.set(heap, later);
    }
  }
  expect(clock.armed).toBe(1);
  clock.goTo(1_000);
  expect([clock.armed, rung]).toEqual([2, []]);
  clock.goTo(1_199);
  expect(rung).toEqual([1, 2]);
});

test("what rings may set and delete others, and itself anew", async () => {
  const clock = new HandClock();
  const heap = await heapOf(clock);
  const rung: number[] = [];
  const [again, gone, added] = [1, 2, 3].map((name) => new Entry(name, 0, rung)) as [Entry, Entry, Entry];
  again.ring = () => {
    rung.push(1);
    if (rung.length > 1) return;
    gone.delete(heap);
    added.set(heap, 10);
    again.set(heap, 20);
  };
  again.set(heap, 10);
  gone.set(heap, 10);
  clock.goTo(100);
  expect(rung).toEqual([1, 3, 1]);
});
