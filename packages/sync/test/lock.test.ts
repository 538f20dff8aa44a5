import { cancelShieldedCheckpoint, isError, sleep } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { Lock } from "@arborio/sync";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

everywhere("two tasks take turns, by with and by hand", async () => {
  const lock = new Lock();
  const log: string[] = [];
  await taskGroup((group) => {
    group.spawn(() =>
      lock.with(async () => {
        log.push("one in");
        await cancelShieldedCheckpoint();
        log.push("one out");
      }),
    );
    group.spawn(async () => {
      const permit = await lock.acquire();
      log.push("two in");
      await cancelShieldedCheckpoint();
      log.push("two out");
      permit.release();
    });
  });
  expect(log.slice(0, 2).map((line) => line.split(" ")[0])).toEqual(
    log[0]?.startsWith("one") === true ? ["one", "one"] : ["two", "two"],
  );
  expect([log.length, lock.locked]).toEqual([4, false]);
});

everywhere("S5: statistics tell whether it is locked and how many wait; they are frozen", async () => {
  const lock = new Lock();
  expect(lock.statistics()).toEqual({ locked: false, tasksWaiting: 0 });
  const first = await lock.acquire();
  const waiting = [lock.acquire(), lock.acquire()];
  expect(lock.statistics()).toEqual({ locked: true, tasksWaiting: 2 });
  expect(Object.isFrozen(lock.statistics())).toBe(true);
  first.release();
  expect(lock.statistics()).toEqual({ locked: true, tasksWaiting: 1 });
  for (const permit of waiting) (await permit).release();
  expect(lock.statistics()).toEqual({ locked: false, tasksWaiting: 0 });
});

timed("S1, C3: an uncontended acquire takes the lock before it yields", async () => {
  const lock = new Lock();
  const acquiring = lock.acquire();
  expect(lock.locked).toBe(true);
  (await acquiring).release();
});

everywhere("S1: a release in a finally of a cancelled task hands over as any", async () => {
  const lock = new Lock();
  const log: string[] = [];
  await taskGroup(async (group) => {
    await group.start<void>(
      async (task) => {
        const permit = await lock.acquire();
        task.started();
        try {
          await sleep(1_000_000);
        } finally {
          permit.release();
          log.push("released");
        }
      },
      { daemon: true },
    );
    group.spawn(() => lock.with(() => void log.push("had")));
    group.spawn(async () => {
      await cancelShieldedCheckpoint();
      group.cancel();
    });
    // Who waited is cancelled too, or had it: either way the lock is free in the end.
  }).catch((error: unknown) => {
    if (!isError(error, "TaskCancelled")) throw error;
  });
  expect([log[0], lock.locked]).toEqual(["released", false]);
});

test("S2: who takes it again inside its own with waits for ever: the deadlock report names the lock", async () => {
  const lock = new Lock();
  const error = await errorOf(
    simulate(() =>
      taskGroup((group) => void group.spawn(() => lock.with(() => lock.acquire()), { name: "greedy" })),
    ),
  );
  expect(String(error)).toContain("greedy (pending) waits for the lock");
});

timed("S2: a deadline ends such a wait, and the lock is given back", async () => {
  const lock = new Lock();
  expect(await moveOnAfter(10, () => lock.with(() => lock.acquire()))).toBe(undefined);
  expect(lock.statistics()).toEqual({ locked: false, tasksWaiting: 0 });
});

test("S1: a permit may be handed to another task, and outlive the one that took it", async () => {
  const lock = new Lock();
  const permit = await simulate(() => lock.acquire());
  expect(lock.locked).toBe(true);
  permit.release();
  expect(lock.locked).toBe(false);
});
