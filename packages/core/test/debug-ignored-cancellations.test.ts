import { currentTime, sleep, sleepForever } from "@arborio/core";
import { currentRuntime, deadlinesOf } from "@arborio/core/lowlevel";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";
import { found, titles } from "./debugging.ts";

test("a task in a shield that does not end is named after 5 s of virtual time, with what it waits for", async () => {
  let seen = NaN;
  const reports = await found(() =>
    simulate(async function main() {
      await moveOnAfter(100, () =>
        taskGroup((group) => void group.spawn(() => shield(() => sleep(60_000)), { name: "stubborn" })),
      );
      seen = currentTime();
    }),
  );
  expect(titles(reports)).toEqual([
    "cancellation-ignored: task 'stubborn' still goes on 5000 ms after it was cancelled (Cancelled by deadline): it waits for a sleep to end",
  ]);
  expect([reports[0]?.task?.name, seen]).toEqual(["stubborn", 60_000]);
  expect(reports[0]?.message).toMatch(
    /\n {4}task 'stubborn' was spawned at .*debug-ignored-cancellations\.test\.ts:/,
  );
});

test("of a tree only those at its ends are named: the others wait for them", async () => {
  const deaf = (): Promise<unknown> => shield(() => sleep(1_000));
  const reports = await found(
    () =>
      simulate(async function main() {
        await taskGroup(async (group) => {
          group.spawn(() => taskGroup((inner) => void inner.spawn(deaf, { name: "deaf" })), {
            name: "above",
          });
          group.spawn(sleepForever, { name: "good" });
          await sleep(1);
          group.cancel("enough");
        }).catch(() => {});
      }),
    { ignored: 500 },
  );
  expect(reports.map(({ task }) => task?.name)).toEqual(["deaf"]);
});

test("the block itself, if it is what goes on", async () => {
  const reports = await found(
    () =>
      simulate(async function main() {
        await new CancelScope().run((scope) => {
          scope.cancel("enough");
          return shield(() => sleep(1_000));
        });
      }),
    { ignored: 500 },
  );
  expect(titles(reports)).toEqual([
    "cancellation-ignored: task 'main' still goes on 500 ms after it was cancelled (Cancelled by cancel of task 'main': enough): it waits for a sleep to end",
  ]);
});

test("outside any run it is found too, by the real clock", async () => {
  const scope = new CancelScope();
  const reports = await found(
    async () => {
      const block = scope.run(() => shield(() => sleep(60)));
      scope.cancel("enough");
      await block;
    },
    { ignored: 20 },
  );
  expect(titles(reports)).toEqual([
    "cancellation-ignored: code outside any task still goes on 20 ms after it was cancelled (Cancelled by cancel: enough)",
  ]);
});

test("cleanup that takes less is not named, and leaves no timer", async () => {
  let before: number[] = [];
  const reports = await found(() =>
    simulate(async () => {
      const deadlines = deadlinesOf(currentRuntime());
      await moveOnAfter(100, () =>
        taskGroup((group) => {
          for (let count = 0; count < 3; count++)
            group.spawn(() => sleepForever().finally(() => shield(() => sleep(4_000))));
        }),
      );
      before = [deadlines.size, currentTime()];
      await sleep(10_000);
    }),
  );
  expect([titles(reports), before]).toEqual([[], [0, 4_100]]);
});

test("a scope cancelled before it is entered is watched from its entry", async () => {
  const reports = await found(() =>
    simulate(async function main() {
      const scope = new CancelScope();
      scope.cancel();
      await scope.run(() => shield(() => sleep(6_000)));
    }),
  );
  expect(reports.map(({ task }) => task?.name)).toEqual(["main"]);
});

test("ended while something is watched, debug mode leaves no timer", async () => {
  await simulate(async () => {
    const deadlines = deadlinesOf(currentRuntime());
    const scope = new CancelScope();
    await scope.run(async () => {
      await found(() => scope.cancel());
      expect(deadlines.size).toBe(0);
    });
  });
});

test("a deadlock is a deadlock still", async () => {
  const reports = await found(async () => {
    const error = await errorOf(simulate(() => taskGroup((group) => void group.spawn(sleepForever))));
    expect(String(error)).toMatch(/^DeadlockError/);
  });
  expect(titles(reports)).toEqual([]);
});
