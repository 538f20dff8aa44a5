import { checkpoint, isCancelled, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { AsyncEvent } from "@arborio/sync";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

everywhere("set wakes all who wait, and whoever comes later goes on", async () => {
  const event = new AsyncEvent();
  const log: number[] = [];
  await taskGroup(async (group) => {
    for (const index of [0, 1, 2]) group.spawn(() => event.wait().then(() => log.push(index)));
    await waitAllTasksBlocked();
    expect([log, event.statistics()]).toEqual([[], { isSet: false, tasksWaiting: 3 }]);
    event.set();
    event.set();
    expect([event.isSet, event.statistics()]).toEqual([true, { isSet: true, tasksWaiting: 0 }]);
  });
  await event.wait();
  expect(log.sort()).toEqual([0, 1, 2]);
});

everywhere("C3: waiting for a set event is a checkpoint: in a cancelled scope it throws", async () => {
  const event = new AsyncEvent();
  event.set();
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    expect(await errorOf(event.wait())).toSatisfy(isCancelled);
  });
});

everywhere("C5: cancelled and then set in the same step: the waiter does not go on", async () => {
  const event = new AsyncEvent();
  const scope = new CancelScope();
  let went = false;
  await taskGroup(async (group) => {
    group.spawn(() => scope.run(() => event.wait().then(() => (went = true))));
    await waitAllTasksBlocked();
    scope.cancel();
    event.set();
  });
  expect([went, scope.cancelledCaught]).toEqual([false, true]);
});

everywhere(
  "C5: set and then cancelled in the same step: the waiter goes on, to its next checkpoint",
  async () => {
    const event = new AsyncEvent();
    const scope = new CancelScope();
    let went = false;
    await taskGroup(async (group) => {
      group.spawn(() =>
        scope.run(async () => {
          await event.wait();
          went = true;
          await checkpoint();
        }),
      );
      await waitAllTasksBlocked();
      event.set();
      scope.cancel();
    });
    expect([went, scope.cancelledCaught]).toEqual([true, true]);
  },
);

test("set outside any run it is remembered; a wait that none will end is named in the deadlock report", async () => {
  const event = new AsyncEvent();
  expect(String(await errorOf(simulate(() => event.wait())))).toContain("waits for the event");
  event.set();
  await event.wait();
  await simulate(() => event.wait());
});
