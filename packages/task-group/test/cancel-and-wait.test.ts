import { checkpoint, currentTime, sleep, sleepForever } from "@arborio/core";
import { moveOnAfter, shield } from "@arborio/cancellation";
import { cancelAndWait, taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { groupErrorOf, slow, stubborn } from "./policies.ts";

timed("T6: it cancels the task alone, and waits until its clean-up has run", async () => {
  const log: string[] = [];
  await taskGroup(async (group) => {
    const task = group.spawn(slow(log));
    await sleep(1);
    await cancelAndWait(task, "enough");
    expect([log, task.status, currentTime()]).toEqual([["cleaned"], "cancelled", 6]);
    expect(group.scope.cancelCalled).toBe(false);
  });
});

everywhere("of a task that has ended it is a checkpoint", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() => 1);
    await task.wait();
    await cancelAndWait(task);
    expect(task.status).toBe("finished");
  });
});

everywhere("it never throws for the task; the failure of its clean-up is the group's", async () => {
  const cleanup = new Error("clean-up");
  const error = await groupErrorOf(
    taskGroup(async (group) => {
      const task = group.spawn(stubborn(cleanup));
      await checkpoint();
      await checkpoint();
      await cancelAndWait(task);
    }),
  );
  expect(error.errors).toEqual([cleanup]);
});

timed("cancelling the wait leaves the task cancelled", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() => sleepForever().finally(() => shield(() => sleep(50))));
    await sleep(1);
    await moveOnAfter(5, () => cancelAndWait(task));
    expect([task.status, currentTime()]).toEqual(["cancelling", 6]);
  });
});
