// Which turn a wait ends in (C3).
import {
  AsyncEvent,
  Barrier,
  CapacityLimiter,
  Condition,
  Future,
  Lock,
  RateLimiter,
  ReadWriteLock,
  Semaphore,
} from "@arborio/sync";
import { expect, test } from "vitest";
import { turnsOf } from "../../testing/test/count-turns.ts";

const set = new AsyncEvent();
set.set();
const finished = new Future<number>();
finished.set(1);
const held = new Lock();
held.tryAcquire();

/** Each on something of its own that is free. */
const acquires: Readonly<Record<string, () => Promise<unknown>>> = {
  "lock.acquire": () => new Lock().acquire(),
  "semaphore.acquire": () => new Semaphore(1).acquire(),
  "limiter.acquire": () => new CapacityLimiter(1).acquire(),
  "limiter.acquireOnBehalfOf": () => new CapacityLimiter(1).acquireOnBehalfOf("me"),
  "lock.read.acquire": () => new ReadWriteLock().read.acquire(),
  "lock.write.acquire": () => new ReadWriteLock().write.acquire(),
  "lock.with": () => new Lock().with(() => undefined),
  "rate.acquire": () => new RateLimiter(1, 1).acquire(),
};

/** Checkpoints by another name. */
const checkpoints: Readonly<Record<string, () => Promise<unknown>>> = {
  "event.wait, set": () => set.wait(),
  "future.wait, finished": () => finished.wait(),
  "future.result, finished": () => finished.result(),
};

/** What parks whoever asks. */
const parks: Readonly<Record<string, () => Promise<unknown>>> = {
  "event.wait": () => new AsyncEvent().wait(),
  "future.result": () => new Future().result(),
  "barrier.wait": () => new Barrier(2).wait(),
};

test.each(Object.entries(acquires))(
  "C3: %s looks, takes, then yields a turn; in a cancelled scope it yields one and throws in the one after",
  async (_, wait) => {
    expect(await turnsOf(wait)).toBe(1);
    expect(await turnsOf(wait, true)).toBe(2);
  },
);

test.each(Object.entries(checkpoints))("C3: %s yields first, then looks", async (_, wait) => {
  expect(await turnsOf(wait)).toBe(1);
  expect(await turnsOf(wait, true)).toBe(2);
});

test.each(Object.entries(parks))("C3: %s in a cancelled scope throws in the next turn", async (_, wait) => {
  expect(await turnsOf(wait, true)).toBe(1);
});

test("C3: so it is with a lock that is held: it takes nothing, yields, and throws in the turn after", async () => {
  expect(await turnsOf(() => held.acquire(), true)).toBe(2);
});

test("C3: a condition's wait in a cancelled scope keeps the lock, yields, and throws in the turn after", async () => {
  const condition = new Condition();
  const permit = condition.lock.tryAcquire();
  if (permit === undefined) throw new Error("Cannot test: the lock is held");
  expect(await turnsOf(() => condition.wait(permit), true)).toBe(2);
  expect(condition.statistics()).toEqual({ tasksWaiting: 0, lock: { locked: true, tasksWaiting: 0 } });
});

test("C3: the last party of a barrier goes on in the next turn", async () => {
  expect(await turnsOf(() => new Barrier(1).wait())).toBe(1);
});
