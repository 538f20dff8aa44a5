import { createHopScheduler, createTimerClock, type Clock } from "@arborio/core/backend";
import { run, sleep } from "@arborio/core";
import { currentRuntime, deadlinesOf } from "@arborio/core/lowlevel";
import { moveOnAfter } from "@arborio/cancellation";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** A clock, and when its alarm rang. */
function ringing(clock: Clock = createTimerClock()): {
  clock: Clock;
  rung: number[];
  arm: (ms: number) => void;
} {
  const rung: number[] = [];
  return { clock, rung, arm: (ms) => clock.arm(clock.now() + ms, () => rung.push(clock.now())) };
}

test("the alarm rings once, at its time or just after", () => {
  const { clock, rung, arm } = ringing();
  const began = clock.now();
  arm(10.4);
  vi.advanceTimersByTime(10);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(rung).toEqual([began + 11]);
});

test("a new alarm replaces the one before; a time that has passed rings soon", () => {
  const { rung, arm } = ringing();
  arm(10);
  arm(50);
  vi.advanceTimersByTime(40);
  expect(rung.length).toBe(0);
  arm(-5);
  vi.advanceTimersByTime(1);
  expect(rung.length).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(rung.length).toBe(1);
});

test("a delay beyond 2^31 - 1 ms is cut to that, instead of firing at once", () => {
  const delays: unknown[] = [];
  const { setTimeout } = globalThis;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((wake: () => void, delay: number) => {
    delays.push(delay);
    return setTimeout(wake, delay);
  }) as never);
  const { rung, arm } = ringing();
  arm(1e12);
  vi.advanceTimersByTime(1_000);
  expect([delays, rung]).toEqual([[2 ** 31 - 1], []]);
});

test("hold: whether the pending timer keeps the process alive; without one nothing is to be held", () => {
  const log: boolean[] = [];
  const { clock, arm } = ringing(createTimerClock((_, wanted) => log.push(wanted)));
  clock.hold(true);
  arm(10);
  clock.hold(false);
  clock.hold(true);
  vi.advanceTimersByTime(20);
  clock.hold(false);
  expect(log).toEqual([false, true]);
});

test("C11: a deadline beyond the longest timer is waited for in pieces", async () => {
  let done = false;
  const long = 2 ** 31 * 2.5;
  const result = run(() => sleep(long).then(() => (done = true)), {
    backend: { name: "timers", clock: createTimerClock() },
  });
  await vi.advanceTimersByTimeAsync(long - 1_000);
  expect(done).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  await result;
  expect(done).toBe(true);
});

test("C11: an alarm that rings early is set again", async () => {
  const early: Clock & { wake?: () => void; time: number } = {
    time: 0,
    now: () => early.time,
    arm: (_, wake) => void (early.wake = wake),
    hold: () => undefined,
  };
  let done = false;
  const result = run(() => sleep(10).then(() => (done = true)), { backend: { name: "early", clock: early } });
  for (const time of [3, 7, 9.99, 10]) {
    await new Promise((resolve) => createHopScheduler().hop(() => resolve(undefined)));
    expect(done).toBe(false);
    early.time = time;
    early.wake?.();
  }
  await result;
});

test("F3: when nothing is due the timer does not hold the process, and one that was kept holds it again", async () => {
  let last = true;
  const held = (): boolean => last;
  const clock = createTimerClock((_, wanted) => (last = wanted));
  await run(
    async () => {
      await moveOnAfter(1_000, () => expect(held()).toBe(true));
      expect(held()).toBe(false);
      await moveOnAfter(2_000, () => expect(held()).toBe(true));
      expect(held()).toBe(false);
      expect([vi.getTimerCount(), deadlinesOf(currentRuntime()).size]).toEqual([1, 0]);
    },
    { backend: { name: "timers", clock } },
  );
});
