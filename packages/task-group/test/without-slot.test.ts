// The whole kernel on a runtime without an ambient context, as browsers are: through `{ signal }` and handles.
import {
  checkpoint,
  checkpointIfCancelled,
  currentTask,
  host,
  isCancelled,
  leaves,
  run,
  sleep,
  sleepForever,
  waitAllTasksBlocked,
} from "@arborio/core";
import { currentScope, setAmbientSlot } from "@arborio/core/lowlevel";
import { abortable, CancelScope, currentSignal, failAfter, moveOnAfter, shield } from "@arborio/cancellation";
import { retry, taskGroup } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const warn = vi.spyOn(console, "warn");
beforeAll(() => setAmbientSlot(null));
afterAll(() => setAmbientSlot(undefined));
beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
afterAll(() => warn.mockRestore());

const silent = (): void => expect(warn.mock.calls).toEqual([]);

everywhere("there is no ambient scope after an await", async (root) => {
  expect(currentTask()?.name).toBe("test");
  await sleep(1, root);
  expect([currentScope(), currentTask()]).toEqual([undefined, undefined]);
  silent();
});

everywhere("up to the first await the scope is known", async () => {
  const scope = new CancelScope();
  const value = await scope.run(() => {
    scope.cancel();
    expect([currentScope() !== undefined, currentSignal().aborted]).toEqual([true, true]);
    return sleepForever();
  });
  expect([value, scope.cancelledCaught]).toEqual([undefined, true]);
  silent();
});

everywhere(
  "C2: every wait with the scope's signal throws, again and again; a checkpoint before the first await too",
  async (root) => {
    for (const first of [checkpoint, () => sleep(0), sleepForever, checkpointIfCancelled]) {
      const scope = new CancelScope();
      await scope.run(async ({ signal }) => {
        scope.cancel();
        expect(await errorOf(first())).toSatisfy(isCancelled);
        for (const wait of [checkpoint, checkpointIfCancelled, sleepForever, waitAllTasksBlocked]) {
          expect(await errorOf(wait({ signal }))).toSatisfy(isCancelled);
        }
        expect(await errorOf(sleep(5, { signal }))).toSatisfy(isCancelled);
        expect(await errorOf(abortable(Promise.resolve(), { signal }))).toSatisfy(isCancelled);
      }, root);
    }
    silent();
  },
);

everywhere("C1: scopes opened after an await with a signal are in the tree", async (root) => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  await outer.run(async (scope) => {
    await checkpoint(scope);
    await inner.run(async (within) => {
      await checkpoint(within);
      outer.cancel();
      await sleepForever(within);
    }, scope);
  }, root);
  expect([outer.cancelledCaught, inner.cancelledCaught]).toEqual([true, false]);
  silent();
});

timed("C11, C12, C13: timeouts and shields", async (root) => {
  expect(await moveOnAfter(10, (scope) => sleep(5, scope).then(() => sleepForever(scope)), root)).toBe(
    undefined,
  );
  const error = await errorOf(
    failAfter(10, (scope) => sleep(5, scope).then(() => sleepForever(scope)), root),
  );
  expect(error).toHaveProperty("code", "ERR_TIMEOUT");
  const log: string[] = [];
  await moveOnAfter(
    10,
    async (scope) => {
      await sleep(5, scope);
      await shield((held) => sleep(50, held).then(() => log.push("shielded")), scope);
      await checkpoint(scope);
      log.push("never");
    },
    root,
  );
  expect(log).toEqual(["shielded"]);
  silent();
});

everywhere("T1, T2, T6: groups, tasks and their handles", async (root) => {
  const cut: string[] = [];
  const failure = new Error("no");
  const error = await errorOf(
    taskGroup(async (group) => {
      await checkpoint(group);
      const seven = group.spawn((task) => checkpoint(task).then(() => 7));
      expect(await seven.result(group)).toBe(7);
      group.spawn((task) =>
        checkpoint(task)
          .then(() => sleepForever(task))
          .finally(() => cut.push("child")),
      );
      const own = group.spawn((task) => checkpoint(task).then(() => sleepForever(task)));
      await checkpoint(group);
      own.cancel();
      await own.wait(group);
      expect(own.status).toBe("cancelled");
      group.spawn(() => Promise.reject(failure));
      await sleepForever(group).finally(() => cut.push("body"));
    }, root),
  );
  expect((error as AggregateError).errors).toEqual([failure]);
  expect(cut.sort()).toEqual(["body", "child"]);
  silent();
});

everywhere("T1: groups within tasks, by the task's signal", async (root) => {
  let cut = false;
  const scope = new CancelScope();
  await scope.run(async (outer) => {
    await checkpoint(outer);
    await taskGroup(async (group) => {
      group.spawn(async (task) => {
        await checkpoint(task);
        await taskGroup(async (inner) => {
          await checkpoint(inner);
          inner.spawn((child) =>
            checkpoint(child)
              .then(() => sleepForever(child))
              .finally(() => (cut = true)),
          );
        }, task);
      });
      await waitAllTasksBlocked(group);
      scope.cancel();
    }, outer);
  }, root);
  expect([cut, scope.cancelledCaught]).toEqual([true, true]);
  silent();
});

everywhere("T18: the Cancelled of another task fails a task, a body, a run", async () => {
  let shared: Promise<never> | undefined;
  await taskGroup((group) => {
    group.spawn((task) => (shared = sleepForever(task)), { name: "culprit" }).cancel();
  });
  const user = async (): Promise<unknown> => shared;
  const message = /did not reach it, of a scope of task 'culprit'$/;
  for (const fails of [
    () => taskGroup((group) => void group.spawn(user)),
    () => taskGroup(user),
    () => run(user),
    () => taskGroup((group) => group.start(user)),
  ]) {
    const [error] = leaves(await errorOf(fails()));
    expect([isCancelled(error), (error as Error).message]).toEqual([false, expect.stringMatching(message)]);
  }
  silent();
});

everywhere("T18: retry tries again after it, where its signal tells its scope", async (root) => {
  let shared: Promise<never> | undefined;
  await taskGroup((group) => void group.spawn((task) => (shared = sleepForever(task))).cancel());
  const fn = (attempt: number): unknown => (attempt === 1 ? shared : attempt);
  expect(await retry(fn, { delay: 0, signal: root.signal })).toBe(2);
  silent();
});

everywhere("T5: start, handed over and cancelled", async (root) => {
  await taskGroup(async (group) => {
    await checkpoint(group);
    const value = await group.start<string>((task) => checkpoint(task).then(() => task.started("up")), group);
    expect(value).toBe("up");
    let cut = false;
    await new CancelScope().run(async (scope) => {
      await checkpoint(scope);
      const starting = group.start(
        (task) =>
          checkpoint(task)
            .then(() => sleepForever(task))
            .finally(() => (cut = true)),
        scope,
      );
      scope.cancel();
      await starting;
    }, group);
    expect([cut, group.scope.cancelCalled]).toEqual([true, false]);
  }, root);
  silent();
});

everywhere("a capability is asked for with the signal too", async (root) => {
  await checkpoint(root);
  expect(thrownBy(() => host(root))).toHaveProperty("code", "ERR_UNSUPPORTED");
  expect(thrownBy(() => host())).toHaveProperty("code", "ERR_NO_BACKEND");
});

test("what is opened after an await without a signal is a root; the first such wait warns once, by name", async () => {
  const outer = new CancelScope();
  const apart = new CancelScope();
  await run(() =>
    outer.run(async (scope) => {
      await sleep(1, scope);
      outer.cancel();
      await apart.run(() => sleep(1));
      await sleep(1);
      await sleep(1);
      await checkpoint(scope);
    }),
  );
  expect([outer.cancelledCaught, apart.cancelledCaught]).toEqual([true, false]);
  expect(warn.mock.calls.length).toBe(1);
  expect(warn.mock.calls[0]?.[0]).toMatch(/a sleep to end .*scope\.signal/);
});

test("T1, F2: a group's wait for its tasks takes turns, and a deadlock in it is reported with what it waits for", async () => {
  const error = await errorOf(
    simulate(
      (root) =>
        taskGroup(
          (group) => void group.spawn((task) => sleepForever({ signal: task.signal }), { name: "child" }),
          {
            signal: root.signal,
          },
        ),
      { patience: 100_000 },
    ),
  );
  expect(String(error)).toContain(
    "waits for the tasks of the task group to end\n└─ child (pending) waits for ever",
  );
  silent();
});
