import { checkpoint, isCancelled, sleepForever, TaskGroupError, type ScopeControl } from "@arborio/core";
import { CancelScope, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";

const throws = (error: unknown) => (): never => {
  throw error;
};

everywhere(
  "T2: if a visible outer scope is cancelled too the Cancelled stay, one per task, until that removes them",
  async () => {
    const failure = new Error("real");
    const outer = new CancelScope();
    let inside: unknown;
    const error = await errorOf(
      outer.run(async () => {
        inside = await errorOf(
          taskGroup(async (group) => {
            group.spawn(sleepForever);
            group.spawn(() => sleepForever().finally(throws(failure)));
            await checkpoint();
            await checkpoint();
            outer.cancel();
            await checkpoint();
          }),
        );
        throw inside;
      }),
    );
    const { errors } = inside as TaskGroupError;
    expect([errors.length, errors.filter(isCancelled).length, errors.includes(failure)]).toEqual([
      3,
      2,
      true,
    ]);
    expect(error).toBeInstanceOf(TaskGroupError);
    expect((error as TaskGroupError).errors).toEqual([failure]);
  },
);

everywhere("T2: a Cancelled that leaves a child unabsorbed counts as its failure", async () => {
  const elsewhere = new CancelScope();
  const foreign = await elsewhere.run(() => {
    elsewhere.cancel();
    return errorOf(checkpoint());
  });
  let cut = false;
  const errors = await errorsOf(
    taskGroup((group) => {
      group.spawn(throws(foreign));
      group.spawn(() => sleepForever().finally(() => (cut = true)));
    }),
  );
  // One that no scope of the child's sent is an error like any (T18).
  expect([cut, errors]).toMatchObject([true, [{ code: "ERR_TASK_CANCELLED", cause: foreign }]]);
});

everywhere("T3: only cancellations left: one plain Cancelled goes on", async () => {
  const outer = new CancelScope();
  let seen: unknown;
  await outer.run(async () => {
    seen = await errorOf(
      taskGroup(async (group) => {
        group.spawn(sleepForever);
        group.spawn(() => taskGroup((inner) => void inner.spawn(sleepForever)));
        await checkpoint();
        await checkpoint();
        outer.cancel();
        await sleepForever();
      }),
    );
    throw seen;
  });
  expect(seen).toBe(outer.signal.reason);
  expect(outer.cancelledCaught).toBe(true);
});

everywhere(
  "T3: or the own scope absorbs it, and an outer scope that is cancelled later has nothing to do",
  async () => {
    const outer = new CancelScope();
    await outer.run(async () => {
      await taskGroup((group) => {
        group.spawn(sleepForever);
        group.cancel();
      });
      outer.cancel();
    });
    expect(outer.cancelledCaught).toBe(false);
  },
);

everywhere("T9: body failing in a cancelled scope: its error wins, no Cancelled is added", async () => {
  const failure = new Error("body");
  const outer = new CancelScope();
  const errors = await errorsOf(
    outer.run(() =>
      taskGroup(() => {
        outer.cancel();
        throw failure;
      }),
    ),
  );
  expect([errors, outer.cancelledCaught]).toEqual([[failure], false]);
});

everywhere(
  "T1: the group waits for its children under a cancellation from outside, once and for all",
  async () => {
    let cleaned = false;
    const outer = new CancelScope();
    await outer.run(() =>
      taskGroup((group) => {
        group.spawn(() => sleepForever().finally(() => shield(checkpoint).then(() => (cleaned = true))));
        group.spawn(() => void outer.cancel());
      }),
    );
    expect([cleaned, outer.cancelledCaught]).toEqual([true, true]);
  },
);

everywhere("C15: 5,000 groups within each other, each with a task, cancelled from outside", async () => {
  const scope = new CancelScope();
  let cut = 0;
  const nest = (left: number): Promise<unknown> =>
    taskGroup(async (group) => {
      group.spawn(() => sleepForever().finally(() => cut++));
      await checkpoint();
      if (left === 0) scope.cancel();
      return left === 0 ? sleepForever() : nest(left - 1);
    });
  await scope.run(() => nest(4_999));
  expect([cut, scope.cancelledCaught]).toEqual([5_000, true]);
});

everywhere(
  "C6, C8: a group has caught nothing if a task failed and nobody was cut, or if the outer scope takes it",
  async () => {
    const scopes: ScopeControl[] = [];
    await errorOf(
      taskGroup((group) => {
        scopes.push(group.scope);
        group.spawn(throws(new Error("real")));
      }),
    );
    const outer = new CancelScope();
    await outer.run(() =>
      taskGroup((group) => {
        scopes.push(group.scope);
        group.spawn(sleepForever);
        outer.cancel();
      }),
    );
    expect(scopes.map(({ cancelCalled, cancelledCaught }) => [cancelCalled, cancelledCaught])).toEqual([
      [true, false],
      [true, false],
    ]);
  },
);
