import { checkpoint, isCancelled, isError, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup, type TaskHandle } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf } from "../../testing/test/outcome.ts";

const failure = new Error("no");
const throws = (): never => {
  throw failure;
};

everywhere("T6: a handle is no thenable: an async function can return it", async () => {
  await taskGroup(async (group) => {
    const handle = await (async () => group.spawn(() => checkpoint().then(() => checkpoint())))();
    expect(handle.status).toBe("pending");
    expect("then" in handle).toBe(false);
  });
});

everywhere("T6: result gives the value, as often as asked, before the end and after", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() => checkpoint().then(() => 7));
    expect(await Promise.all([task.result(), task.result()])).toEqual([7, 7]);
    expect([await task.result(), task.status]).toEqual([7, "finished"]);
  });
});

everywhere("T6: result throws the task's own error, which goes to the group as well", async () => {
  const error = await errorOf(
    taskGroup(async (group) => {
      const task = group.spawn(throws);
      expect(await errorOf(task.result())).toBe(failure);
      expect(task.status).toBe("failed");
    }),
  );
  expect(error).toMatchObject({ errors: [failure] });
});

everywhere("T6: wait waits for the end and never throws for the task, also when it has ended", async () => {
  await errorOf(
    taskGroup(async (group) => {
      const tasks = [group.spawn(() => 1), group.spawn((task) => (task.cancel(), checkpoint()))];
      for (const task of tasks) await task.wait();
      expect(tasks.map(({ status }) => status)).toEqual(["finished", "cancelled"]);
      for (const task of tasks) await task.wait();
      const failing = group.spawn(throws);
      await failing.wait();
      expect(failing.status).toBe("failed");
    }),
  );
});

everywhere("T6: status: pending, cancelling, and how it ended", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() => sleepForever().catch(() => checkpoint()));
    expect(task.status).toBe("pending");
    await checkpoint();
    await checkpoint();
    expect(task.status).toBe("pending");
    task.cancel();
    expect(task.status).toBe("cancelling");
    await task.wait();
    expect(task.status).toBe("cancelled");
  });
});

everywhere("T6: cancelled if a Cancelled ended it, its own scope's or an outer one's", async () => {
  let task: TaskHandle | undefined;
  await moveOnAfter(0, () => taskGroup((group) => void (task = group.spawn(sleepForever))));
  expect(task?.status).toBe("cancelled");
  const done = await taskGroup(async (group) => {
    const cancelled = group.spawn(() => "swallowed it");
    cancelled.cancel();
    await cancelled.wait();
    return cancelled.status;
  });
  expect(done).toBe("finished");
});

everywhere("T6: an empty error group is a failure, no cancellation", async () => {
  let task: TaskHandle | undefined;
  await errorOf(
    taskGroup((group) => void (task = group.spawn(() => Promise.reject(new AggregateError([]))))),
  );
  expect(task?.status).toBe("failed");
});

everywhere("T6: cancel cancels that task's own scope, not the group", async () => {
  let sibling = false;
  await taskGroup(async (group) => {
    const task = group.spawn(sleepForever);
    group.spawn(() => checkpoint().then(() => (sibling = true)));
    await checkpoint();
    task.cancel("enough");
    await task.wait();
    expect([group.scope.cancelCalled, task.signal.aborted]).toEqual([false, true]);
    expect((task.signal.reason as Cancelled).reason).toBe("enough");
  });
  expect(sibling).toBe(true);
});

everywhere("T6: before the task ran: it starts, and ends at its first checkpoint", async () => {
  const reached: string[] = [];
  await taskGroup(async (group) => {
    const task = group.spawn(async () => {
      reached.push("started");
      await checkpoint();
      reached.push("went on");
    });
    task.cancel();
    await task.wait();
    expect(task.status).toBe("cancelled");
  });
  expect(reached).toEqual(["started"]);
});

everywhere("T6: result then throws TaskCancelled, which is not a Cancelled of the awaiter", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(sleepForever, { name: "sleeper" });
    task.cancel("enough");
    const error = await errorOf(task.result());
    expect([isError(error, "TaskCancelled"), isCancelled(error)]).toEqual([true, false]);
    expect((error as Error).message).toMatch(/sleeper/);
    expect((error as Error).cause).toMatchObject({ reason: "enough" });
  });
});

everywhere("T6: an awaiter that lets TaskCancelled out fails with it", async () => {
  const error = await errorOf(
    taskGroup(async (group) => {
      const task = group.spawn(sleepForever);
      task.cancel();
      await task.result();
    }),
  );
  expect((error as AggregateError).errors.map((one) => isError(one, "TaskCancelled"))).toEqual([true]);
});

everywhere("T6: cancelling an awaiter leaves the task alone", async () => {
  await taskGroup(async (group) => {
    const gate = makeGate<string>();
    const task = group.spawn(() => gate.promise);
    expect(await moveOnAfter(0, () => task.result())).toBe(undefined);
    expect(await moveOnAfter(0, () => task.wait())).toBe(undefined);
    expect(task.status).toBe("pending");
    gate.resolve("alone");
    expect(await task.result()).toBe("alone");
  });
});

everywhere("T6: cancel is idempotent, and nothing after the end", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() => "done");
    await task.wait();
    task.cancel();
    task.cancel();
    expect([task.status, await task.result()]).toEqual(["finished", "done"]);
  });
});

everywhere(
  "C5: who waits for a task that ends has its end, though its failure cancels the group",
  async () => {
    const seen: unknown[] = [];
    await errorOf(
      taskGroup((group) => {
        const task = group.spawn(() => checkpoint().then(throws));
        group.spawn(() => task.wait().then(() => seen.push("waited")));
        group.spawn(() => task.result().catch((error: unknown) => seen.push(error)));
      }),
    );
    expect(new Set(seen)).toEqual(new Set(["waited", failure]));
  },
);

everywhere("C3: wait and result are checkpoints, also of a task that has ended", async () => {
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    const task = group.spawn(() => 1);
    await task.wait();
    await scope.run(async () => {
      scope.cancel();
      expect(await errorOf(task.wait())).toSatisfy(isCancelled);
      expect(await errorOf(task.result())).toSatisfy(isCancelled);
    });
  });
});

test("T6: a task that waits for its own result is a deadlock, and the simulation names it", async () => {
  const error = await errorOf(
    simulate(() => taskGroup((group) => void group.spawn((task) => task.result(), { name: "ouroboros" }))),
  );
  expect(isError(error, "DeadlockError")).toBe(true);
  expect((error as Error).message).toMatch(/ouroboros .*waits for task 'ouroboros' to end/);
});
