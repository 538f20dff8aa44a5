import {
  currentTask,
  formatTaskTree,
  rootTask,
  sleepForever,
  waitAllTasksBlocked,
  type TaskInfo,
} from "@arborio/core";
import { park, suspend, WaitQueue } from "@arborio/core/lowlevel";
import { CancelScope, unscoped } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";

everywhere("the task tree as text: names, states, what each waits for", async () => {
  const never = makeGate();
  await taskGroup(async (group) => {
    const busy = group.spawn(() => never.promise, { name: "foreign" });
    group.spawn(
      () =>
        taskGroup(
          (inner) => {
            inner.spawn(() => sleepForever(), { name: "sleeper" });
            inner.spawn(
              () =>
                Promise.race([
                  park({ waitingFor: "a bus" }),
                  new CancelScope().run(() => park({ waitingFor: "a train" })),
                ]),
              { name: "traveller" },
            );
          },
          { name: "inner" },
        ),
      { name: "nested" },
    );
    await waitAllTasksBlocked();
    busy.cancel();
    expect(formatTaskTree(currentTask() as TaskInfo).split("\n")).toEqual([
      "test (pending) runs, or waits for a promise that is not the library's",
      "├─ foreign (cancelling) runs, or waits for a promise that is not the library's",
      "└─ nested (pending) waits for the tasks of task group 'inner' to end",
      "   ├─ sleeper (pending) waits for ever",
      "   └─ traveller (pending) waits for a bus, a train",
    ]);
    never.resolve();
    group.cancel();
  });
});

everywhere("a task knows its parent, its children that have not ended, and its root", async () => {
  const root = rootTask();
  expect([root?.name, root?.parent, currentTask()?.id]).toEqual(["test", undefined, root?.id]);
  await taskGroup(async (group) => {
    const ids = new Set<number | undefined>();
    const queue = new WaitQueue<void>();
    const seen = async (): Promise<void> => {
      ids.add(currentTask()?.id);
      expect([currentTask()?.parent?.id, rootTask()?.id]).toEqual([root?.id, root?.id]);
      await suspend<void>((waiter) => queue.add(waiter));
    };
    const tasks = [group.spawn(seen), group.spawn(seen)];
    await waitAllTasksBlocked();
    expect(root?.children.length).toBe(2);
    queue.wakeAll();
    for (const task of tasks) await task.wait();
    expect([root?.children.length, ids.size]).toEqual([0, 2]);
  });
});

everywhere("outside any task there is none", () => {
  expect(unscoped(() => [currentTask(), rootTask()])).toEqual([undefined, undefined]);
});
