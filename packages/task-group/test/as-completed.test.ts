import { currentTime, sleep, sleepForever } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { asCompleted, supervisedGroup, taskGroup, type TaskHandle } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { thrownBy } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow } from "./policies.ts";

timed("the handles come in the order in which the tasks end", async () => {
  const order: number[] = [];
  await asCompleted([after(30, 1), after(10, 2), after(20, 3)], async (tasks) => {
    for await (const task of tasks) {
      expect(task.status).toBe("finished");
      order.push(await task.result());
    }
  });
  expect([order, currentTime()]).toEqual([[2, 3, 1], 30]);
});

timed(
  "it gives what the callback gives; left early, the rest is cancelled and waited for (T10)",
  async () => {
    const log: string[] = [];
    const value = await asCompleted([slow(log), after(10, "won"), slow(log)], async (tasks) => {
      for await (const task of tasks) return task.result();
      return undefined;
    });
    expect([value, log.length, currentTime()]).toEqual(["won", 2, 15]);
  },
);

timed("who comes late gets those that have ended, in their order", async () => {
  const order: string[] = [];
  await asCompleted([after(10, "b"), after(5, "a")], async (tasks) => {
    await sleep(50);
    for await (const task of tasks) order.push(await task.result());
  });
  expect([order, currentTime()]).toEqual([["a", "b"], 50]);
});

everywhere("no functions: it ends at once", async () => {
  const rounds = await asCompleted([], async (tasks) => {
    let count = 0;
    for await (const _ of tasks) count++;
    return count;
  });
  expect(rounds).toBe(0);
});

timed("a failing task cancels the others and the callback", async () => {
  const failure = new Error("no");
  const log: string[] = [];
  const seen: string[] = [];
  const error = await groupErrorOf(
    asCompleted([failing(10, failure), slow(log)], async (tasks) => {
      for await (const task of tasks) {
        seen.push(task.status);
        await sleepForever();
      }
    }),
  );
  expect([error.errors, log, seen]).toEqual([[failure], ["cleaned"], ["failed"]]);
});

timed(
  "of a group: its tasks, also those spawned meanwhile, until none runs; daemons do not count",
  async () => {
    const order: string[] = [];
    await taskGroup(async (group) => {
      group.spawn(() => sleepForever(), { daemon: true });
      const spawn = (ms: number): TaskHandle => group.spawn(() => sleep(ms), { name: String(ms) });
      spawn(30);
      spawn(10);
      for await (const task of asCompleted(group)) {
        order.push(task.name);
        if (task.name === "10") spawn(5);
      }
      expect(currentTime()).toBe(30);
    });
    expect(order).toEqual(["10", "5", "30"]);
  },
);

timed("of a group: from the call on; leaving the loop leaves its tasks alone", async () => {
  const order: string[] = [];
  await taskGroup(async (group) => {
    for (const ms of [5, 10, 20])
      group.spawn(() => sleep(ms).then(() => order.push("ended")), { name: String(ms) });
    await sleep(7);
    for await (const task of asCompleted(group)) {
      order.push(task.name);
      break;
    }
  });
  expect(order).toEqual(["ended", "ended", "10", "ended"]);
});

timed("of a supervised group: failed tasks come too", async () => {
  const failure = new Error("no");
  const statuses: string[] = [];
  await supervisedGroup(
    async (group) => {
      group.spawn(failing(5, failure));
      group.spawn(after(10, 1));
      for await (const task of asCompleted(group)) statuses.push(task.status);
    },
    () => {},
  );
  expect(statuses).toEqual(["failed", "finished"]);
});

timed("a cancelled wait for the next one loses none", async () => {
  await asCompleted([after(10, "a"), after(20, "b")], async (tasks) => {
    expect(await moveOnAfter(5, () => tasks.next())).toBe(undefined);
    const names: string[] = [];
    for await (const task of tasks) names.push(await task.result());
    expect(names).toEqual(["a", "b"]);
  });
});

timed("several may wait; each gets another, and all end", async () => {
  await taskGroup(async (group) => {
    for (const ms of [10, 20, 30]) group.spawn(() => sleep(ms), { name: String(ms) });
    const tasks = asCompleted(group);
    const names = async (): Promise<string[]> => {
      const seen: string[] = [];
      for await (const task of tasks) seen.push(task.name);
      return seen;
    };
    const seen = await Promise.all([names(), names()]);
    expect(seen.flat().sort()).toEqual(["10", "20", "30"]);
  });
});

everywhere("bad input is a TypeError at once", () => {
  expect(thrownBy(() => void asCompleted([Promise.resolve()] as never, () => 1))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => void asCompleted([], undefined as never))).toBeInstanceOf(TypeError);
});
