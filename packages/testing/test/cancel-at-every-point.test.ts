import { EventEmitter } from "node:events";
import { checkpoint, isError, sleep, sleepForever, waitAllTasksBlocked } from "@arborio/core";
import { awaitPromise, suspend, WaitQueue, type Waiter } from "@arborio/core/lowlevel";
import { abortable, CancelScope, failAfter, moveOnAfter, shield } from "@arborio/cancellation";
import { on, once } from "@arborio/iteration";
import {
  all,
  allSettled,
  any,
  asCompleted,
  boundedSpawn,
  cancelAndWait,
  first,
  forEach,
  map,
  openTaskGroup,
  race,
  resource,
  retry,
  staggered,
  type StartingTask,
  supervisedGroup,
  taskGroup,
} from "@arborio/task-group";
import { cancelAtEveryPoint, deadlineAtEveryLook, simulation, type EveryPoint } from "@arborio/testing";
import { describe, expect, test } from "vitest";
import { seed as seedProgram } from "../../../examples/seed.ts";
import { errorOf } from "./outcome.ts";

describe("it finds", () => {
  test("a program that ends, and gives the number of its wake-ups", async () => {
    expect(await cancelAtEveryPoint(() => 1)).toBe(0);
    const runs: number[] = [];
    const points = await cancelAtEveryPoint(async () => {
      for (let count = 0; count < 5; count++) await sleep(10);
      runs.push(1);
    });
    // Cancelled before its last wake-up is delivered it ends as well (C5).
    expect([points, runs.length]).toEqual([5, 2]);
  });

  test("a clean-up that waits without a shield: what it tracked is not released", async () => {
    const program = async ({ track }: EveryPoint): Promise<void> => {
      const release = track("the file");
      try {
        await sleep(10);
      } finally {
        await sleep(1);
        release();
      }
    };
    expect(String(await errorOf(cancelAtEveryPoint(program)))).toContain(
      "point 0: Error: not released: the file",
    );
  });

  test("what is taken before the try: only a cancellation at one point shows it", async () => {
    const program = async ({ track }: EveryPoint): Promise<void> => {
      await sleep(1);
      const release = track("the lock");
      await sleep(1);
      try {
        await sleep(1);
      } finally {
        release();
      }
    };
    expect(String(await errorOf(cancelAtEveryPoint(program)))).toContain(
      "point 1: Error: not released: the lock",
    );
  });

  test("a hang, as a deadlock", async () => {
    const program = (): Promise<unknown> => sleep(1).finally(() => shield(() => sleepForever()));
    const error = await errorOf(cancelAtEveryPoint(program, { seed: 1 }));
    expect(String(error)).toContain("point 0 (seed 1): DeadlockError");
    expect(isError((error as Error).cause, "DeadlockError")).toBe(true);
  });

  test("a lost wake-up: a permit handed to a waiter that gives up", async () => {
    const waiters: Waiter<void>[] = [];
    // A queue that forgets to take a cancelled waiter out.
    const acquire = (): Promise<void> => suspend<void>((waiter) => void waiters.push(waiter));
    const release = (): void => void waiters.shift()?.resume();
    const program = async (): Promise<void> => {
      waiters.length = 0;
      await taskGroup(async (group) => {
        group.spawn(() => moveOnAfter(5, acquire));
        group.spawn(() => shield(() => sleep(1).then(acquire)));
        await shield(() => sleep(10).then(release));
      });
    };
    expect(String(await errorOf(cancelAtEveryPoint(program)))).toContain("DeadlockError");
  });

  test("what is left behind", async () => {
    const program = async (): Promise<void> => {
      await sleep(1);
      void new CancelScope({ shield: true }).run(() => sleep(1_000));
      await sleep(1);
    };
    expect(String(await errorOf(cancelAtEveryPoint(program)))).toMatch(/left behind|not handled/);
  });

  test("an error that is no cancellation", async () => {
    const failure = new Error("clean-up");
    const program = (): Promise<unknown> => sleep(1).catch(() => Promise.reject(failure));
    expect((await errorOf(cancelAtEveryPoint(program))) as Error).toMatchObject({ cause: failure });
  });

  test("a program that does not stop", async () => {
    const program = async (): Promise<void> => {
      for (;;) await sleep(1).catch(() => {});
    };
    expect(String(await errorOf(cancelAtEveryPoint(program)))).toContain("has not stopped");
  }, 60_000);
});

/** A step that takes what must be released, waits, and cleans up under a shield. */
const step =
  ({ track }: EveryPoint, ms: number) =>
  async (): Promise<number> => {
    const release = track(`step of ${String(ms)}`);
    try {
      await sleep(ms);
      return ms;
    } finally {
      await shield(() => sleep(2));
      release();
    }
  };

/** The same, failing. */
const fails = (point: EveryPoint, ms: number) => (): Promise<never> =>
  step(point, ms)().then(() => Promise.reject(new Error("expected")));

const expected = (error: unknown): unknown => {
  if (!/expected/.test(String((error as Error).message))) throw error;
  return error;
};

const programs: Record<string, (point: EveryPoint) => unknown> = {
  taskGroup: (point) =>
    taskGroup(async (group) => {
      const tasks = [3, 1, 2].map((ms) => group.spawn(step(point, ms)));
      group.spawn(() => taskGroup((inner) => void inner.spawn(step(point, 5))));
      for (const task of tasks) await task.result();
    }),
  "taskGroup that fails": (point) =>
    taskGroup((group) => {
      group.spawn(step(point, 5));
      group.spawn(fails(point, 3));
    }).catch(expected),
  start: (point) =>
    taskGroup(async (group) => {
      const serve = async (task: StartingTask<number>): Promise<void> => {
        await step(point, 2)();
        task.started(1);
        await step(point, 3)();
      };
      const values = await Promise.all([group.start(serve), group.spawn(() => group.start(serve)).result()]);
      expect(values).toEqual([1, 1]);
    }),
  daemon: (point) =>
    taskGroup(async (group) => {
      group.spawn(step(point, 1_000), { daemon: true });
      await group.start<void>(
        async (task) => {
          await step(point, 1)();
          task.started();
          await step(point, 1_000)();
        },
        { daemon: true },
      );
      group.spawn(step(point, 3));
    }),
  "a supervised group": (point) =>
    supervisedGroup(
      async (group) => {
        group.spawn(fails(point, 1));
        await group.spawn(step(point, 4)).result();
      },
      (error) => step(point, 1)().then(() => void expected(error)),
    ),
  moveOnAfter: (point) => moveOnAfter(2, () => moveOnAfter(1, step(point, 3)).then(step(point, 5))),
  failAfter: (point) =>
    failAfter(2, step(point, 5), { reason: "expected" }).catch(expected).then(step(point, 1)),
  shield: (point) => shield(step(point, 2)).then(step(point, 3)),
  "a flipped shield": async (point) => {
    const scope = new CancelScope({ shield: true });
    await scope.run(async () => {
      await step(point, 2)();
      scope.shield = false;
      await step(point, 2)();
    });
  },
  abortable: (point) => step(point, 1)().then(() => abortable(Promise.resolve(1))),
  awaitPromise: () => awaitPromise(Promise.resolve(1), {}).then(() => checkpoint()),
  waitAllTasksBlocked: (point) =>
    taskGroup(async (group) => {
      group.spawn(step(point, 3));
      await waitAllTasksBlocked();
    }),
  "a queue": async () => {
    const queue = new WaitQueue<number>();
    await taskGroup(async (group) => {
      group.spawn(() => suspend<number>((waiter) => queue.add(waiter)));
      group.spawn(() => suspend<number>((waiter) => queue.add(waiter)));
      await sleep(1);
      queue.wake(1);
      await sleep(1);
      queue.wakeAll(2);
    });
    expect(queue.size).toBe(0);
  },
  all: (point) => all([step(point, 3), step(point, 1), step(point, 2)]),
  "all that fails": (point) => all([step(point, 3), fails(point, 2)]).catch(expected),
  // What fails in a cancelled scope is kept: it may be a clean-up.
  allSettled: (point) => allSettled([step(point, 3), fails(point, 1)]).catch(expected),
  race: (point) => race([step(point, 3), step(point, 1)]),
  "race that fails": (point) => race([step(point, 3), fails(point, 1)]).catch(expected),
  any: (point) => any([fails(point, 1), step(point, 3), step(point, 9)]).catch(expected),
  "any that fails": (point) => any([fails(point, 1), fails(point, 2)]).catch(expected),
  first: (point) => first([() => null, step(point, 3), step(point, 9)]),
  staggered: (point) =>
    staggered([step(point, 9), fails(point, 1), step(point, 3)], { delay: 2 }).catch(expected),
  map: (point) => map([3, 1, 2], (ms) => step(point, ms)(), { limit: 2 }),
  "map of a generator": async (point) => {
    async function* items(): AsyncGenerator<number, void, undefined> {
      const release = point.track("the source");
      try {
        for (const ms of [3, 1, 2]) {
          await sleep(1);
          yield ms;
        }
      } finally {
        await shield(() => sleep(1));
        release();
      }
    }
    await forEach(items(), (ms) => step(point, ms)(), { limit: 2 });
  },
  asCompleted: (point) =>
    asCompleted([step(point, 3), step(point, 1), step(point, 2)], async (tasks) => {
      let left = 2;
      for await (const task of tasks) {
        await task.result();
        if (--left === 0) break;
      }
    }),
  "asCompleted of a group": (point) =>
    taskGroup(async (group) => {
      for (const ms of [3, 1]) group.spawn(step(point, ms));
      for await (const task of asCompleted(group)) if (task.name === "x") break;
    }),
  boundedSpawn: (point) =>
    taskGroup(async (group) => {
      const spawn = boundedSpawn(group, 2);
      for (const ms of [3, 1, 2]) await spawn(step(point, ms));
    }),
  retry: (point) =>
    retry((attempt) => (attempt < 3 ? fails(point, 1)() : step(point, 1)()), { delay: 5 }).catch(expected),
  cancelAndWait: (point) =>
    taskGroup(async (group) => {
      const task = group.spawn(step(point, 100));
      await sleep(1);
      await cancelAndWait(task);
    }),
  openTaskGroup: async (point) => {
    await using group = openTaskGroup();
    group.spawn(step(point, 3));
    group.spawn(step(point, 100), { daemon: true });
    await step(point, 1)();
    await group.join();
  },
  "openTaskGroup without join": async (point) => {
    await using group = openTaskGroup();
    group.spawn(step(point, 3));
    await moveOnAfter(1, () => group.join());
    await step(point, 1)();
  },
  resource: (point) => {
    const withService = resource(async function* () {
      const release = point.track("the service");
      try {
        await using group = openTaskGroup();
        await group.start<void>(async (task) => {
          await step(point, 1)();
          task.started();
          await step(point, 100)();
        });
        yield 1;
      } finally {
        await shield(() => sleep(1));
        release();
      }
    });
    return withService(() => step(point, 2)());
  },
  once: async (point) => {
    const emitter = new EventEmitter();
    await taskGroup(async (group) => {
      group.spawn(() => step(point, 2)().then(() => void emitter.emit("ready")));
      await once(emitter, "ready");
    }).finally(() => expect(emitter.eventNames()).toEqual([]));
  },
  on: async (point) => {
    const emitter = new EventEmitter();
    const loop = async (): Promise<void> => {
      let left = 2;
      for await (const _ of on(emitter, "data")) {
        await step(point, 1)();
        if (--left === 0) return;
      }
    };
    await taskGroup(async (group) => {
      group.spawn(async () => {
        for (let count = 0; count < 5; count++) await sleep(2).then(() => emitter.emit("data", count));
      });
      await loop();
    }).finally(() => expect(emitter.eventNames()).toEqual([]));
  },
  "examples/seed.ts": () => seedProgram(),
};

describe("at no point can it break", () => {
  for (const [name, program] of Object.entries(programs)) {
    for (const seed of [undefined, 1, 2]) {
      test(`${name} (${seed === undefined ? "in plain order" : `with seed ${String(seed)}`})`, async () => {
        expect(await cancelAtEveryPoint(program, { seed })).toBeGreaterThan(0);
      });
    }
    // Cut while its generator gives an item, `map` does not wait for the clean-up of that.
    if (name === "map of a generator") continue;
    test(`${name} (by a deadline that passes at any look at the clock)`, async () => {
      for (const seed of [undefined, 1])
        expect(
          await deadlineAtEveryLook(program, { backend: () => simulation({ seed }) }),
        ).toBeGreaterThanOrEqual(0);
    });
  }
});
