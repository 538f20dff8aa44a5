import {
  checkpoint,
  currentTask,
  isCancelled,
  run,
  sleep,
  sleepForever,
  waitAllTasksBlocked,
} from "@arborio/core";
import { currentScope, type ScopeNode } from "@arborio/core/lowlevel";
import {
  abortable,
  CancelScope,
  currentEffectiveDeadline,
  currentSignal,
  moveOnAfter,
  shield,
  unscoped,
} from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf } from "../../testing/test/outcome.ts";

const node = (scope: CancelScope): ScopeNode => scope as CancelScope & ScopeNode;

everywhere("C20: a wait begun in a scope that has ended belongs to its nearest live ancestor", async () => {
  const outer = new CancelScope();
  await outer.run(async () => {
    let floating: Promise<unknown> | undefined;
    await new CancelScope().run(() => new CancelScope().run(() => void (floating = errorOf(sleepForever()))));
    expect(outer.cancelCalled).toBe(false);
    outer.cancel();
    expect(await floating).toSatisfy(isCancelled);
  });
});

everywhere("C20: a wait made after its scope has ended does too", async () => {
  const outer = new CancelScope();
  const gate = makeGate();
  await outer.run(async () => {
    let floating: Promise<unknown> | undefined;
    await new CancelScope().run(() => void (floating = gate.promise.then(() => errorOf(sleepForever()))));
    outer.cancel();
    gate.resolve();
    expect(await floating).toSatisfy(isCancelled);
  });
});

everywhere("C20: what floats in a scope that was cancelled and left goes on at its ancestor", async () => {
  const scope = new CancelScope();
  const gate = makeGate();
  let floating: Promise<string> | undefined;
  await scope.run(() => {
    floating = gate.promise.then(() => checkpoint()).then(() => "went on");
    scope.cancel();
  });
  gate.resolve();
  expect(await floating).toBe("went on");
});

everywhere("C20: a scope still open in one that ended moves to its ancestor", async () => {
  const outer = new CancelScope();
  const floating = new CancelScope();
  let result: Promise<unknown> | undefined;
  await outer.run(async () => {
    await new CancelScope().run(() => void (result = errorOf(floating.run(sleepForever))));
    expect(node(floating).parent).toBe(outer);
    outer.cancel();
    await checkpoint().catch(() => undefined);
  });
  expect(await result).toSatisfy(isCancelled);
  expect(floating.cancelledCaught).toBe(false);
});

everywhere(
  "C20: what floats in a shield that was left is seen by the cancelled scope around it",
  async () => {
    const scope = new CancelScope();
    let floating: Promise<unknown> | undefined;
    await scope.run(async () => {
      scope.cancel();
      await shield(() => void (floating = errorOf(sleepForever())));
      expect(await floating).toSatisfy(isCancelled);
    });
  },
);

everywhere(
  "C20: a wait in a task that has ended belongs to its group, and is cancelled with it",
  async () => {
    let floating: Promise<unknown> | undefined;
    await errorOf(
      taskGroup(async (group) => {
        await group.spawn(() => void (floating = errorOf(sleepForever()))).wait();
        group.cancel();
        await checkpoint();
      }),
    );
    expect(await floating).toSatisfy(isCancelled);
  },
);

everywhere("C20: after its run has ended it belongs to none", async () => {
  let floating: Promise<unknown[]> | undefined;
  const gate = makeGate();
  await run(() => {
    floating = gate.promise.then(() => sleep(1)).then(() => [currentScope(), currentTask()]);
  });
  gate.resolve();
  expect(await unscoped(() => floating)).toEqual([undefined, undefined]);
});

everywhere("C20: unscoped runs fn under no scope", async () => {
  const scope = new CancelScope({ deadline: 5e9 });
  const value = await scope.run(async () => {
    scope.cancel();
    await unscoped(() => checkpoint());
    return unscoped(() => [
      currentScope(),
      currentTask(),
      currentEffectiveDeadline(),
      currentSignal().aborted,
    ]);
  });
  expect(value).toEqual([undefined, undefined, Infinity, false]);
});

everywhere("C20: a scope opened in unscoped is a root of its own", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  await outer.run(async () => {
    const floating = unscoped(() => inner.run(sleepForever));
    outer.cancel();
    await checkpoint().catch(() => undefined);
    expect(node(inner).effective).toBe(undefined);
    inner.cancel();
    await floating;
  });
  expect(inner.cancelledCaught).toBe(true);
});

everywhere("C4: no floating promise that is cancelled is an unhandled rejection", async () => {
  const scope = new CancelScope();
  const never = new Promise<never>(() => undefined);
  await scope.run(async () => {
    await taskGroup(async (group) => {
      const task = group.spawn(sleepForever);
      void sleepForever();
      void sleep(1e6);
      void new CancelScope().run(sleepForever);
      void moveOnAfter(1e6, sleepForever);
      void shield(() => moveOnAfter(1e6, sleepForever, { signal: scope.signal }));
      void taskGroup(sleepForever);
      void taskGroup((inner) => void inner.spawn(sleepForever));
      void group.start(sleepForever);
      void task.result();
      void task.wait();
      void abortable(never);
      await checkpoint();
      scope.cancel();
      void checkpoint();
      void waitAllTasksBlocked();
      void group.start(sleepForever);
      void taskGroup((inner) => void inner.spawn(checkpoint));
    });
  });
  expect(scope.cancelledCaught).toBe(true);
  await waitAllTasksBlocked();
});
