import { run } from "@arborio/core";
import { currentRuntime } from "@arborio/core/lowlevel";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clock } from "@arborio/core/backend";

type Deadlines = ReturnType<typeof currentRuntime>["deadlines"];
type Due = Parameters<Deadlines["set"]>[0];

/** The rank of sleepers; that of scopes is 0. */
const SLEEPER = 2 ** 52;

/** The heap of a clock. */
const deadlinesOf = (clock: Clock): Promise<Deadlines> =>
  run(() => currentRuntime().deadlines, { backend: { name: "hand", clock } });

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

class Entry implements Due {
  dueAt = 0;
  order = 0;
  index = -1;
  readonly name: number;
  readonly rank: number;
  ring: () => void;

  constructor(name: number, rank: number, rung: number[]) {
    this.name = name;
    this.rank = rank;
    this.ring = () => void rung.push(name);
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
    const heap = await deadlinesOf(clock);
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
        entry.dueAt = clock.time + one.in + 1;
        heap.set(entry);
        model.set(entry.name, entry.dueAt, entry.rank);
      } else if (one.op === "delete" && entry !== undefined) {
        heap.delete(entry);
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
    expect(entries.every(({ index }) => index === -1)).toBe(true);
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), check), { numRuns: 500, seed: 1 });
});

test("the native timer is not moved for each change: an early one is kept", async () => {
  const clock = new HandClock();
  const heap = await deadlinesOf(clock);
  const rung: number[] = [];
  const entries = [1, 2].map((name) => new Entry(name, 0, rung));
  for (const [index, entry] of entries.entries()) {
    entry.dueAt = 100 + index;
    heap.set(entry);
  }
  for (let later = 200; later < 1_200; later++) {
    for (const entry of entries) {
      entry.dueAt = later;
      heap.set(entry);
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
  const heap = await deadlinesOf(clock);
  const rung: number[] = [];
  const [again, gone, added] = [1, 2, 3].map((name) => new Entry(name, 0, rung)) as [Entry, Entry, Entry];
  again.dueAt = 10;
  gone.dueAt = 10;
  added.dueAt = 10;
  again.ring = () => {
    rung.push(1);
    if (rung.length > 1) return;
    heap.delete(gone);
    heap.set(added);
    again.dueAt = 20;
    heap.set(again);
  };
  heap.set(again);
  heap.set(gone);
  clock.goTo(100);
  expect(rung).toEqual([1, 3, 1]);
});
