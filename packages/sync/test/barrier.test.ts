import { checkpoint, isCancelled, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { Barrier } from "@arborio/sync";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

timed("nobody goes on until all have come; then all do", async () => {
  const barrier = new Barrier(3);
  const went: number[] = [];
  const began = await taskGroup(async (group) => {
    for (const ms of [1, 2, 3]) {
      group.spawn(async () => {
        await sleep(ms);
        await barrier.wait();
        went.push(ms);
      });
    }
    await sleep(2.5);
    return [went.length, barrier.statistics().tasksWaiting];
  });
  expect([began, went.sort()]).toEqual([
    [0, 2],
    [1, 2, 3],
  ]);
});

everywhere("each has another number, in the order in which they came", async () => {
  const barrier = new Barrier(3);
  expect(await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()])).toEqual([0, 1, 2]);
  expect(await new Barrier(1).wait()).toBe(0);
});

everywhere("C5: a new round takes nobody of the old one, however fast its parties come back", async () => {
  const barrier = new Barrier(2);
  const rounds = async (): Promise<number> => {
    let sum = 0;
    for (let round = 0; round < 10; round++) {
      sum += await barrier.wait();
      expect(barrier.statistics().tasksWaiting).toBeLessThan(2);
    }
    return sum;
  };
  const [one = 0, two = 0] = await Promise.all([rounds(), rounds()]);
  expect(one + two).toBe(10);
});

everywhere("a cancelled party leaves as if it had not come; the barrier is not broken", async () => {
  const barrier = new Barrier(2);
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    group.spawn(() => scope.run(() => barrier.wait()));
    await waitAllTasksBlocked();
    scope.cancel();
    expect(barrier.statistics()).toEqual({ parties: 2, broken: false, tasksWaiting: 0 });
    expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
  });
});

everywhere("C3: the last to come, in a cancelled scope, releases nobody", async () => {
  const barrier = new Barrier(2);
  const first = barrier.wait();
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    expect(await errorOf(barrier.wait())).toSatisfy(isCancelled);
  });
  expect(barrier.statistics().tasksWaiting).toBe(1);
  expect(await Promise.all([first, barrier.wait()])).toEqual([0, 1]);
});

everywhere("C5: released and then cancelled, a party goes on", async () => {
  const barrier = new Barrier(2);
  const scope = new CancelScope();
  let number: number | undefined;
  await scope.run(async () => {
    const first = barrier.wait();
    const second = barrier.wait();
    scope.cancel();
    number = await first;
    expect(await second).toBe(1);
  });
  expect(number).toBe(0);
});

everywhere("abort breaks it for who waits and who comes, until it is reset", async () => {
  const barrier = new Barrier(2);
  const waiting = errorOf(barrier.wait());
  barrier.abort();
  for (const error of [await waiting, await errorOf(barrier.wait())]) {
    expect(error).toHaveProperty("code", "ERR_BROKEN_BARRIER");
  }
  expect([barrier.broken, barrier.statistics().broken]).toEqual([true, true]);
  barrier.reset();
  expect(barrier.broken).toBe(false);
  expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
});

everywhere("reset sends off who waits, and leaves it whole", async () => {
  const barrier = new Barrier(2);
  const waiting = errorOf(barrier.wait());
  barrier.reset();
  expect(await waiting).toHaveProperty("code", "ERR_BROKEN_BARRIER");
  expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([0, 1]);
});

everywhere(
  "C3: in a cancelled scope also a broken one throws Cancelled; floating, nothing is unhandled",
  async () => {
    const barrier = new Barrier(2);
    barrier.abort();
    await new CancelScope().run(async (scope) => {
      scope.cancel();
      void barrier.wait();
      expect(await errorOf(barrier.wait())).toSatisfy(isCancelled);
      await checkpoint();
    });
  },
);

test("parties is a whole number from 1 on; the deadlock report names the barrier", async () => {
  for (const bad of [0, -1, 1.5, NaN, Infinity])
    expect(thrownBy(() => new Barrier(bad))).toBeInstanceOf(RangeError);
  for (const bad of ["1", null, undefined]) {
    expect(thrownBy(() => new Barrier(bad as never))).toBeInstanceOf(TypeError);
  }
  const barrier = new Barrier(2);
  expect(String(await errorOf(simulate(() => barrier.wait())))).toContain("waits for the barrier");
});
