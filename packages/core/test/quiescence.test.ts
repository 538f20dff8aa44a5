import { checkpoint, currentTime, sleep, sleepForever, waitAllTasksBlocked } from "@arborio/core";
import { suspend, WaitQueue } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";

everywhere("waitAllTasksBlocked: until every other task waits", async () => {
  let turns = 0;
  await taskGroup(async (group) => {
    group.spawn(async () => {
      while (turns < 50) {
        await checkpoint();
        turns++;
      }
      await sleepForever().catch(() => undefined);
    });
    await waitAllTasksBlocked();
    expect(turns).toBe(50);
    group.cancel();
  });
});

everywhere("waitAllTasksBlocked: through a chain of wake-ups", async () => {
  const queues = Array.from({ length: 20 }, () => new WaitQueue<void>());
  const log: number[] = [];
  await taskGroup(async (group) => {
    queues.forEach((queue, index) =>
      group.spawn(async () => {
        await suspend<void>((waiter) => queue.add(waiter));
        log.push(index);
        queues[index + 1]?.wake();
      }),
    );
    await waitAllTasksBlocked();
    expect(log).toEqual([]);
    queues[0]?.wake();
    await waitAllTasksBlocked();
    expect(log.length).toBe(20);
  });
});

everywhere("waitAllTasksBlocked: several may wait so at once", async () => {
  await taskGroup((group) => {
    for (let count = 0; count < 3; count++) group.spawn(() => waitAllTasksBlocked());
  });
});

everywhere("waitAllTasksBlocked is cancellable", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await waitAllTasksBlocked();
  });
  expect(scope.cancelledCaught).toBe(true);
});

everywhere("waitAllTasksBlocked: a task that waits for a foreign promise counts as waiting", async () => {
  const gate = makeGate();
  await taskGroup(async (group) => {
    group.spawn(() => gate.promise);
    await waitAllTasksBlocked();
    gate.resolve();
  });
});

timed("waitAllTasksBlocked comes before time moves", async () => {
  await taskGroup(async (group) => {
    group.spawn(() => sleep(1));
    await waitAllTasksBlocked();
    expect(currentTime()).toBe(0);
  });
});
