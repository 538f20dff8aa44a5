// At no point can a cancellation break a program of these: nothing is left held, nobody waits for ever.
import { sleep } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import {
  AsyncEvent,
  Barrier,
  CapacityLimiter,
  Condition,
  Future,
  Lock,
  RateLimiter,
  ReadWriteLock,
  ResourceGuard,
  Semaphore,
  type Governor,
} from "@arborio/sync";
import { cancelAtEveryPoint, deadlineAtEveryLook, simulation, type EveryPoint } from "@arborio/testing";
import { describe, expect, test } from "vitest";

/** Something under the permit that must end before it is given back. */
const work = async ({ track }: EveryPoint, ms: number): Promise<void> => {
  const release = track(`work of ${String(ms)}`);
  try {
    await sleep(ms);
  } finally {
    release();
  }
};

/** Several tasks that hold it in every way, one of them with a timeout; in the end it is free. */
const governed = (make: () => Governor) => async (point: EveryPoint) => {
  const governor = make();
  try {
    await taskGroup((group) => {
      group.spawn(() => governor.with(() => work(point, 3)));
      group.spawn(async () => {
        using _ = await governor.acquire();
        await work(point, 2);
      });
      group.spawn(() => moveOnAfter(1, () => governor.with(() => work(point, 9))));
      group.spawn(() => sleep(1).then(() => governor.wrap(() => work(point, 1))()));
    });
  } finally {
    expect(governor.tryAcquire()).toBeDefined();
  }
};

const programs: Readonly<Record<string, (point: EveryPoint) => unknown>> = {
  Lock: governed(() => new Lock()),
  Semaphore: governed(() => new Semaphore(2)),
  CapacityLimiter: governed(() => new CapacityLimiter(2)),
  "ReadWriteLock, to write": governed(() => new ReadWriteLock().write),
  "ReadWriteLock, both": async (point) => {
    const lock = new ReadWriteLock();
    try {
      await taskGroup((group) => {
        for (const [index, side] of [lock.read, lock.write, lock.read, lock.read, lock.write].entries()) {
          group.spawn(() => side.with(() => work(point, index + 1)));
        }
        group.spawn(() => moveOnAfter(2, () => lock.write.with(() => work(point, 1))));
      });
    } finally {
      expect(lock.statistics()).toEqual({ readers: 0, writing: false, tasksWaiting: 0 });
    }
  },
  "CapacityLimiter whose total changes": async (point) => {
    const limiter = new CapacityLimiter(0);
    try {
      await taskGroup(async (group) => {
        for (const borrower of ["a", "b", "c"]) {
          group.spawn(async () => {
            using _ = await limiter.acquireOnBehalfOf(borrower);
            await work(point, 2);
          });
        }
        await sleep(1);
        limiter.totalTokens = 2;
        await sleep(1);
        limiter.totalTokens = 1;
      });
    } finally {
      expect(limiter.statistics()).toMatchObject({ borrowedTokens: 0, borrowers: [], tasksWaiting: 0 });
    }
  },
  AsyncEvent: async () => {
    const event = new AsyncEvent();
    await taskGroup(async (group) => {
      group.spawn(() => event.wait());
      group.spawn(() => moveOnAfter(1, () => event.wait()));
      await sleep(2);
      event.set();
      await event.wait();
    });
    expect(event.statistics().tasksWaiting).toBe(0);
  },
  Condition: async (point) => {
    const condition = new Condition();
    let items = 0;
    try {
      await taskGroup(async (group) => {
        for (let count = 0; count < 2; count++) {
          group.spawn(() =>
            condition.with(async (permit) => {
              await condition.waitFor(permit, () => items > 0);
              items--;
              await work(point, 1);
            }),
          );
        }
        group.spawn(() => moveOnAfter(1, () => condition.with((permit) => condition.wait(permit))));
        for (let count = 0; count < 2; count++) {
          await sleep(1);
          await condition.with(() => {
            items++;
            condition.notify();
          });
        }
      });
    } finally {
      expect(condition.statistics()).toEqual({ tasksWaiting: 0, lock: { locked: false, tasksWaiting: 0 } });
    }
  },
  Future: async () => {
    const future = new Future<number>();
    await taskGroup(async (group) => {
      const results = [1, 2].map(() => group.spawn(() => future.result()));
      group.spawn(() => moveOnAfter(1, () => future.wait()));
      await sleep(2);
      future.set(1);
      for (const result of results) expect(await result.result()).toBe(1);
    });
  },
  Barrier: async (point) => {
    const barrier = new Barrier(2);
    await taskGroup((group) => {
      for (const ms of [1, 2]) {
        group.spawn(async () => {
          for (let round = 0; round < 2; round++) {
            await work(point, ms);
            await barrier.wait();
          }
        });
      }
    });
    expect(barrier.statistics().tasksWaiting).toBe(0);
  },
  RateLimiter: async (point) => {
    const limiter = new RateLimiter(1, 5);
    try {
      await taskGroup((group) => {
        for (const ms of [1, 2, 3]) group.spawn(() => limiter.with(() => work(point, ms)));
        group.spawn(() => moveOnAfter(3, () => limiter.acquire()));
      });
    } finally {
      expect(limiter.statistics().tasksWaiting).toBe(0);
    }
  },
  ResourceGuard: async (point) => {
    const guard = new ResourceGuard();
    try {
      await guard.with(() => work(point, 1));
    } finally {
      expect(guard.statistics()).toEqual({ busy: false });
    }
  },
};

describe("at no point can it break", () => {
  for (const [name, program] of Object.entries(programs)) {
    for (const seed of [undefined, 1, 2]) {
      test(`${name} (${seed === undefined ? "in plain order" : `with seed ${String(seed)}`})`, async () => {
        expect(await cancelAtEveryPoint(program, { seed })).toBeGreaterThan(0);
      });
    }
    test(`${name} (by a deadline that passes at any look at the clock)`, async () => {
      for (const seed of [undefined, 1, 2])
        expect(await deadlineAtEveryLook(program, { backend: () => simulation({ seed }) })).toBeGreaterThan(
          0,
        );
      expect(await deadlineAtEveryLook(program, { backend: () => ({ name: "bare" }) })).toBeGreaterThan(0);
    });
  }
});
