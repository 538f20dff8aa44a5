// Two copies of the packages in one process, as bundlers and npm make them, work together.
import * as coreA from "@arborio/core";
import * as lowA from "@arborio/core/lowlevel";
import * as cancellationA from "@arborio/cancellation";
import * as groupsA from "@arborio/task-group";
import { expect, test, vi } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

vi.resetModules();
const coreB = await import("@arborio/core");
const lowB = await import("@arborio/core/lowlevel");
const cancellationB = await import("@arborio/cancellation");
const groupsB = await import("@arborio/task-group");

const a = { core: coreA, low: lowA, scopes: cancellationA, groups: groupsA };
const b = { core: coreB, low: lowB, scopes: cancellationB, groups: groupsB };
const copies = [
  { ...a, other: b },
  { ...b, other: a },
];

test("they are two", () => {
  expect(coreA.sleep).not.toBe(coreB.sleep);
  expect(groupsA.taskGroup).not.toBe(groupsB.taskGroup);
});

everywhere("a scope of one within a scope of the other is cancelled with it", async () => {
  for (const { scopes, other } of copies) {
    const outer = new scopes.CancelScope();
    const inner = new other.scopes.CancelScope();
    await outer.run(() =>
      inner.run(async () => {
        const waits = [
          other.core.sleepForever(),
          coreA.sleepForever(),
          coreB.checkpoint().then(() => coreB.sleepForever()),
        ].map((wait) => errorOf(wait));
        outer.cancel();
        for (const error of await Promise.all(waits)) {
          expect([coreA.isCancelled(error), coreB.isCancelled(error)]).toEqual([true, true]);
        }
        await other.core.checkpoint();
      }),
    );
    expect([outer.cancelledCaught, inner.cancelledCaught]).toEqual([true, false]);
  }
});

everywhere("a group of one with tasks that wait through the other", async () => {
  for (const { groups, other } of copies) {
    const ended: string[] = [];
    const value = await groups.taskGroup(async (group) => {
      group.spawn(() => other.core.sleepForever().finally(() => ended.push("cut")));
      group.spawn(() =>
        other.groups.taskGroup(
          (inner) => void inner.spawn(() => other.core.checkpoint().then(() => ended.push("inner"))),
        ),
      );
      const started = await group.start((task) => (task.started("up"), other.core.checkpoint()));
      await other.core.waitAllTasksBlocked();
      expect(coreA.currentTask()?.id).toBe(coreB.currentTask()?.id);
      expect(coreA.currentTask()?.children.length).toBe(1);
      group.cancel();
      return started;
    });
    expect([value, ended.sort()]).toEqual(["up", ["cut", "inner"]]);
  }
});

everywhere("errors of one are recognised by the other, also in groups", async () => {
  for (const { groups, other } of copies) {
    const failure = new other.core.WouldBlock("no");
    const error = await errorOf(groups.taskGroup((group) => void group.spawn(() => Promise.reject(failure))));
    expect(other.core.isError(error, "TaskGroupError")).toBe(true);
    expect(other.core.leaves(error)).toEqual([failure]);
    const mixed = new other.core.TaskGroupError([failure, new other.core.Cancelled("cancel")]);
    expect((coreA.split(mixed, coreA.isCancelled)[1] as AggregateError).errors).toEqual([failure]);
    expect((coreB.split(mixed, coreB.isCancelled)[1] as AggregateError).errors).toEqual([failure]);
    expect(coreA.isTimeout(new other.core.TimeoutError())).toBe(true);
  }
});

everywhere("a group of one takes the Cancelled of the other out of its errors", async () => {
  for (const { groups, other } of copies) {
    const failure = new Error("real");
    const error = await errorOf(
      groups.taskGroup((group) => {
        group.spawn(() => other.groups.taskGroup((inner) => void inner.spawn(other.core.sleepForever)));
        group.spawn(() => other.core.checkpoint().then(() => Promise.reject(failure)));
      }),
    );
    expect((error as AggregateError).errors).toEqual([failure]);
  }
});

everywhere("T18: the Cancelled of one that strays into a task of the other fails it by name", async () => {
  for (const { core, groups, other } of copies) {
    let shared: Promise<never> | undefined;
    await groups.taskGroup((group) => {
      group.spawn(() => (shared = core.sleepForever()), { name: "culprit" }).cancel();
    });
    const user = (): unknown => shared;
    for (const { taskGroup } of [groups, other.groups]) {
      const [error] = core.leaves(await errorOf(taskGroup((group) => void group.spawn(user))));
      expect(error).toMatchObject({
        code: "ERR_TASK_CANCELLED",
        message: expect.stringMatching(/of a scope of task 'culprit'$/) as string,
      });
    }
  }
});

everywhere("T18: what a scope of one cancels in a task of the other is no stray", async () => {
  for (const { scopes, other } of copies) {
    const [outer, inner] = [new scopes.CancelScope(), new other.scopes.CancelScope()];
    const hides = (): Promise<never> => {
      outer.cancel();
      return other.core.sleepForever().finally(() => (inner.shield = true));
    };
    const call = outer.run(() =>
      inner.run(() =>
        other.groups.supervisedGroup(
          (group) => void group.spawn(hides),
          () => expect.unreachable(),
        ),
      ),
    );
    expect(await call).toBe(undefined);
  }
});

everywhere("the signal of a scope of one links to that scope in the other", async () => {
  for (const { scopes, other } of copies) {
    const scope = new scopes.CancelScope();
    await scope.run(async () => {
      const wait = errorOf(other.scopes.unscoped(() => other.core.sleepForever({ signal: scope.signal })));
      scope.cancel();
      expect(await wait).toBe(scope.signal.reason);
    });
  }
});

everywhere("one heap and one slot are shared, and a queue takes waiters of both", async () => {
  for (const { low, other } of copies) {
    expect(low.currentRuntime()).toBe(other.low.currentRuntime());
    expect(low.currentScope()).toBe(other.low.currentScope());
    const queue = new low.WaitQueue<number>();
    const waits = [low, other.low].map(({ suspend }) => suspend<number>((waiter) => queue.add(waiter)));
    const scope = new other.scopes.CancelScope();
    await scope.run(async () => {
      const wait = low.suspend<number>((waiter) => queue.add(waiter));
      scope.cancel();
      await wait;
    });
    expect([queue.size, queue.wakeAll(7), await Promise.all(waits)]).toEqual([2, 2, [7, 7]]);
  }
});

timed("deadlines of one cut waits of the other, and who sleeps exactly until one is cancelled", async () => {
  for (const { scopes, other } of copies) {
    const began = other.core.currentTime();
    expect(await scopes.moveOnAfter(10, () => other.core.sleepForever())).toBe(undefined);
    expect(other.core.currentTime()).toBe(began + 10);
    expect(await scopes.moveOnAfter(10, () => other.core.sleep(10).then(() => "woke"))).toBe(undefined);
    expect(await errorOf(scopes.failAfter(10, other.core.sleepForever))).toSatisfy(other.core.isTimeout);
  }
});
