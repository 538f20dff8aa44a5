import { currentTime, isError, run, sleep, sleepForever } from "@arborio/core";
import type { Backend } from "@arborio/core/backend";
import { cancelledNow, suspend, WaitQueue } from "@arborio/core/lowlevel";
import { CancelScope, failAfter, moveOnAfter, shield } from "@arborio/cancellation";
import { nodeBackend } from "@arborio/backend-node";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint, deadlineAtEveryLook, simulation, type EveryPoint } from "@arborio/testing";
import { describe, expect, test } from "vitest";
import { errorOf } from "./outcome.ts";
import { unobserved } from "./unobserved.ts";

const backends: Readonly<Record<string, () => Backend>> = {
  "the simulation": () => simulation(),
  "the simulation, seed 1": () => simulation({ seed: 1 }),
  "the real clock": nodeBackend,
  "a backend without a clock": () => ({ name: "bare" }),
};

/** Looks, takes something, and waits, as careless primitives do: the deadline may pass before the wait, which looks again. */
async function hasty(take: (begun: boolean) => void): Promise<void> {
  if (cancelledNow()) return sleepForever();
  take(true);
  await suspend<void>((waiter) => {
    take(false);
    waiter.resume();
  });
}

/** What a wait of the library's looks at the clock for, once. */
const looking = (): Promise<void> => suspend((waiter) => void waiter.resume());

describe.each(Object.entries(backends))("in %s", (where, backend) => {
  const over = { backend };

  test("it finds a program that ends, and returns the number of its looks", async () => {
    expect(await deadlineAtEveryLook(() => 1, over)).toBe(0);
    let whole = 0;
    const looks = await deadlineAtEveryLook(async () => {
      for (let count = 0; count < 5; count++) await looking();
      whole++;
    }, over);
    // Once uncut, and once cut after the last look.
    expect([looks, whole]).toEqual([5, 2]);
  });

  test("it finds a program that loses what it began between two looks, which cancelAtEveryPoint cannot", async () => {
    let lost = false;
    const program = async (): Promise<void> => {
      lost = false;
      await hasty((begun) => (lost = begun)).catch(() => {});
      if (lost) throw new Error("lost");
    };
    expect(await cancelAtEveryPoint(program)).toBeGreaterThan(0);
    expect(String(await errorOf(deadlineAtEveryLook(program, over)))).toContain("after look 1: Error: lost");
  });

  test("it finds a rejection that nobody handles", async () => {
    const program = async (): Promise<void> => {
      if (cancelledNow()) return sleepForever();
      const begun = Promise.reject(new Error("of what was begun"));
      const wait = suspend<void>((waiter) => {
        begun.catch(() => waiter.resume());
      });
      await wait.catch(() => {});
    };
    const error = await unobserved(() => errorOf(deadlineAtEveryLook(program, over)));
    expect(String(error)).toMatch(/after look 1: .*not handled: Error: of what was begun/);
  });

  test("it finds what is not released, and what is left behind", async () => {
    const takes = async ({ track }: EveryPoint): Promise<void> => {
      const release = track("the lock");
      await looking();
      release();
    };
    expect(String(await errorOf(deadlineAtEveryLook(takes, over)))).toContain(
      "after look 0: Error: not released: the lock",
    );
    const leaves = async (): Promise<void> => {
      await looking();
      if (cancelledNow()) void new CancelScope({ shield: true }).run(() => sleep(1_000));
    };
    expect(String(await errorOf(deadlineAtEveryLook(leaves, over)))).toMatch(/after look 1: .*left behind/);
  });

  test("it finds an error that is no cancellation", async () => {
    const failure = new Error("clean-up");
    const program = (): Promise<unknown> => looking().catch(() => Promise.reject(failure));
    expect(await errorOf(deadlineAtEveryLook(program, over))).toMatchObject({ cause: failure });
  });

  test("no other deadline passes with it, and the time goes on by less than a ms of its own", async () => {
    const looks = await deadlineAtEveryLook(async () => {
      const began = currentTime();
      await failAfter(10_000, looking);
      await moveOnAfter(10_000, () => sleep(2)).finally(() => {
        if (where.startsWith("the simulation")) expect(currentTime() - began).toBeLessThanOrEqual(2.1);
      });
    }, over);
    expect(looks).toBeGreaterThan(5);
  });

  test("the deadline rings where nobody looks: what waits is woken", async () => {
    let [cut, uncut] = [0, 0];
    await deadlineAtEveryLook(async () => {
      const queue = new WaitQueue<void>();
      await taskGroup(async (group) => {
        group.spawn(() => shield(() => sleep(20).then(() => queue.wakeAll())));
        await suspend<void>((waiter) => queue.add(waiter)).then(
          () => uncut++,
          () => cut++,
        );
      });
    }, over);
    expect(cut).toBeGreaterThan(1);
    expect(uncut).toBeGreaterThan(0);
  });
});

test("a hang before the deadline is found in the simulation, and one after it as a deadlock", async () => {
  const hangs = await errorOf(deadlineAtEveryLook(() => looking().then(() => sleepForever())));
  expect(String(hangs)).toContain("after look 4: Error: nothing woke it before its deadline");
  const stuck = await errorOf(
    deadlineAtEveryLook(() => looking().finally(() => shield(() => sleepForever()))),
  );
  expect(isError((stuck as Error).cause, "DeadlockError")).toBe(true);
});

test("a program that does not stop is found in the simulation", async () => {
  const program = async (): Promise<void> => {
    for (;;) await sleep(1).catch(() => {});
  };
  expect(String(await errorOf(deadlineAtEveryLook(program)))).toContain("has not stopped");
}, 60_000);

test("whoever else is on the backend's clock keeps the alarm", async () => {
  await run(
    async () => {
      const sleeping = sleep(40);
      const program = (): Promise<void> => sleep(2).then(() => sleep(2));
      expect(await deadlineAtEveryLook(program, { backend: nodeBackend })).toBeGreaterThan(3);
      await sleeping;
      await sleep(1);
    },
    { backend: nodeBackend() },
  );
});
