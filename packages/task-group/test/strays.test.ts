// T18: a Cancelled that no cancellation of a task's own scopes explains is an error of that task, in each kind of group.
import { checkpoint, isError, run, sleep, sleepForever } from "@arborio/core";
import { addInstrument } from "@arborio/core/debug";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { openTaskGroup, resource, supervisedGroup, taskGroup, type TaskHandle } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";
import { expectStray, shared, stray } from "./strays.ts";

const throws = (error: unknown) => (): never => {
  throw error;
};

/** A loader that all tasks share: whoever calls it first begins the one wait. */
function loader(): () => Promise<void> {
  let loading: Promise<void> | undefined;
  return () => (loading ??= sleep(1_000));
}

timed("T18: a shared promise that is cut with one task fails the other by name", async () => {
  const load = loader();
  const log: string[] = [];
  const errors = await errorsOf(
    taskGroup((group) => {
      group.spawn(() => moveOnAfter(50, load).then(() => log.push("first went on")), { name: "first" });
      group.spawn(() => sleep(1).then(load), { name: "second" });
      group.spawn(() => sleepForever().finally(() => log.push("third was cut")), { name: "third" });
    }),
  );
  expect(errors).toHaveLength(1);
  expectStray(errors[0], "task 'second'", (errors[0] as Error).cause, ", of a scope of task 'first'");
  expect((errors[0] as Error).cause).toMatchObject({ name: "AbortError", source: "deadline", of: "first" });
  expect(log).toContain("third was cut");
});

timed("T16, T18: in a supervised group it goes to onError, and all others live", async () => {
  const load = loader();
  const log: unknown[] = [];
  const value = await supervisedGroup(
    async (group) => {
      group.spawn(() => moveOnAfter(50, load).then(() => log.push("first")), { name: "first" });
      group.spawn(() => sleep(1).then(load), { name: "second" });
      return group.spawn(() => sleep(100).then(() => "third")).result();
    },
    (error, task) => {
      expectStray(error, "task 'second'", (error as Error).cause, ", of a scope of task 'first'");
      log.push([task.name, task.status]);
    },
  );
  expect(value).toBe("third");
  expect(log.sort()).toEqual([["second", "failed"], "first"].sort());
});

everywhere("T16, T18: thrown by onError it fails the group, and is not silent", async () => {
  const [cause, failure] = [await stray(), new Error("reported")];
  const errors = await errorsOf(
    supervisedGroup((group) => void group.spawn(throws(failure)), throws(cause), { name: "workers" }),
  );
  expect(errors).toHaveLength(1);
  expectStray(errors[0], "task group 'workers'", cause);
});

everywhere("T2, T18: a Cancelled of another scope fails a child, a daemon, a body", async () => {
  const cause = await stray();
  const [child] = await errorsOf(taskGroup((group) => void group.spawn(throws(cause), { name: "child" })));
  expectStray(child, "task 'child'", cause);
  const [daemon] = await errorsOf(
    taskGroup(async (group) => {
      group.spawn(throws(cause), { name: "daemon", daemon: true });
      await sleepForever();
    }),
  );
  expectStray(daemon, "task 'daemon'", cause);
  const [body] = await errorsOf(taskGroup(throws(cause), { name: "g" }));
  expectStray(body, "task group 'g'", cause);
});

everywhere("T6, T18: its status is failed; its handle and its group have the same error", async () => {
  const cause = await stray();
  let task: TaskHandle | undefined;
  let own: unknown;
  const errors = await errorsOf(
    supervisedGroup(
      async (group) => {
        task = group.spawn(throws(cause), { name: "child" });
        await task.wait();
        own = await errorOf(task.result());
        throw own;
      },
      (error) => expect(error).toBe((own ??= error)),
    ),
  );
  expect([errors, task?.status]).toEqual([[own], "failed"]);
  expectStray(own, "task 'child'", cause);
});

everywhere(
  "T5, T18: start throws it bare until started, and the group is unharmed; then it is the group's",
  async () => {
    const cause = await stray();
    await taskGroup(async (group) => {
      expectStray(await errorOf(group.start(throws(cause), { name: "early" })), "task 'early'", cause);
      await checkpoint();
    });
    const errors = await errorsOf(
      taskGroup(async (group) => {
        await group.start<void>(
          async (task) => {
            task.started();
            await checkpoint();
            throw cause;
          },
          { name: "late" },
        );
        await sleepForever();
      }),
    );
    expectStray(errors[0], "task 'late'", cause);
  },
);

everywhere(
  "T5, T18: handed over behind a shield, the Cancelled of the call is an error in the group",
  async () => {
    const errors = await errorsOf(
      taskGroup(async (group) => {
        const [outer, inner] = [new CancelScope(), new CancelScope()];
        await outer.run(() =>
          inner.run(() =>
            group.start<void>(async (task) => {
              outer.cancel();
              await sleepForever().finally(() => {
                inner.shield = true;
                task.started();
              });
            }),
          ),
        );
      }),
    );
    expect(errors.map((error) => isError(error, "TaskCancelled"))).toEqual([true]);
  },
);

everywhere("T14, T18: join throws it; with onError it goes there", async () => {
  const cause = await stray();
  const group = openTaskGroup();
  group.spawn(throws(cause), { name: "child" });
  expectStray((await errorsOf(group.join()))[0], "task 'child'", cause);
  const told: unknown[] = [];
  const supervised = openTaskGroup({ onError: (error) => void told.push(error) });
  supervised.spawn(throws(cause), { name: "child" });
  await supervised.join();
  expect(told).toHaveLength(1);
  expectStray(told[0], "task 'child'", cause);
});

everywhere(
  "T14, T18: what an open group's own cancel() cuts of the block around it fails that task",
  async () => {
    const [error] = await errorsOf(
      taskGroup((around) => {
        around.spawn(
          async () => {
            await using group = openTaskGroup();
            group.cancel();
            await sleepForever({ signal: group.signal });
          },
          { name: "opens" },
        );
      }),
    );
    expectStray(error, "task 'opens'", (error as Error).cause, ", of a scope of task 'opens'");
  },
);

everywhere("T18: a run fails with it; a scope, which is no task, passes it on", async () => {
  const cause = await stray();
  expectStray(await errorOf(run(throws(cause), { name: "app" })), "task 'app'", cause);
  expect(await errorOf(new CancelScope().run(throws(cause)))).toBe(cause);
});

everywhere("T17, T18: a resource passes on what its function throws, and its task fails", async () => {
  const cause = await stray();
  const log: unknown[] = [];
  const use = resource(async function* () {
    try {
      yield 1;
    } finally {
      log.push("closed");
    }
  });
  const user = (): Promise<unknown> =>
    use(throws(cause)).catch((error: unknown) => {
      log.push(error);
      throw error;
    });
  const errors = await errorsOf(taskGroup((group) => void group.spawn(user, { name: "user" })));
  expectStray(errors[0], "task 'user'", cause);
  expect(log).toEqual(["closed", cause]);
});

everywhere("T18: instruments are told that the task failed", async () => {
  const [promise] = await shared();
  const ends: string[] = [];
  const remove = addInstrument({ taskExited: ({ task }) => void ends.push(`${task.name} ${task.status}`) });
  try {
    await errorOf(taskGroup((group) => void group.spawn(() => promise, { name: "second" })));
  } finally {
    remove();
  }
  expect(ends).toEqual(["second failed"]);
});
