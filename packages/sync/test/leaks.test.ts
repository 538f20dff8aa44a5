// What 1e5 cycles leave behind, half of them cancelled in the middle: nothing.
import { run } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import {
  AsyncEvent,
  Barrier,
  CapacityLimiter,
  Condition,
  Future,
  RateLimiter,
  ReadWriteLock,
} from "@arborio/sync";
import { expect, test } from "vitest";
import { growth, MOST } from "../../testing/test/heap-growth.ts";
import { governors } from "./governors.ts";

const CYCLES = 100_000;

/** A foreign signal that never aborts, and how many listen to it. */
class CountedSignal {
  readonly signal: AbortSignal = new AbortController().signal;
  listeners = 0;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      this.listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.listeners--;
      remove(...args);
    };
  }
}

type Wait = (signal: AbortSignal) => Promise<unknown>;

/** A wait that is cut, or ended by `end`. */
function cycles(name: string, wait: Wait, end: () => void): void {
  test(`F3: 1e5 waits, every other one cancelled, leave the heap flat and no listener: ${name}`, async () => {
    const counted = new CountedSignal();
    const cycle = async (index: number): Promise<void> => {
      await new CancelScope().run((scope) => {
        const waiting = wait(counted.signal);
        if (index % 2 === 0) scope.cancel();
        else end();
        return waiting;
      });
    };
    await run(async () => expect(await growth(CYCLES, cycle)).toBeLessThan(MOST));
    expect(counted.listeners).toBe(0);
  });
}

for (const [name, make] of Object.entries(governors)) {
  const governor = make();
  let held = governor.tryAcquire();
  cycles(
    name,
    (signal) => governor.acquire({ signal }).then((permit) => (held = permit)),
    () => held?.release(),
  );
}

const lock = new ReadWriteLock();
let writer = lock.write.tryAcquire();
cycles(
  "ReadWriteLock, to read",
  (signal) => lock.read.with(() => undefined, { signal }).then(() => (writer = lock.write.tryAcquire())),
  () => writer?.release(),
);

const limiter = new CapacityLimiter(0);
cycles(
  "CapacityLimiter, on behalf of the same",
  (signal) => limiter.acquireOnBehalfOf(limiter, { signal }).then((permit) => permit.release()),
  () => {
    limiter.totalTokens = 1;
    limiter.totalTokens = 0;
  },
);

let event = new AsyncEvent();
cycles(
  "AsyncEvent",
  (signal) => event.wait({ signal }),
  () => {
    event.set();
    event = new AsyncEvent();
  },
);

let future = new Future<number>();
cycles(
  "Future",
  (signal) => future.result({ signal }),
  () => {
    future.set(1);
    future = new Future();
  },
);

const barrier = new Barrier(2);
cycles(
  "Barrier",
  (signal) => barrier.wait({ signal }),
  () => void barrier.wait(),
);

const condition = new Condition();
cycles(
  "Condition",
  (signal) => condition.with((permit) => condition.wait(permit, { signal }), { signal }),
  () =>
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => condition.with(() => condition.notifyAll())),
);

const rate = new RateLimiter(1, 1_000_000_000);
rate.tryAcquire();
test("F3: 1e5 waits for a token that is long to come, all cancelled, leave the heap flat: RateLimiter", async () => {
  const cycle = (): Promise<unknown> =>
    new CancelScope().run((scope) => {
      const waiting = rate.acquire();
      scope.cancel();
      return waiting;
    });
  await run(async () => expect(await growth(CYCLES, cycle)).toBeLessThan(MOST));
  expect(rate.statistics().tasksWaiting).toBe(0);
});
