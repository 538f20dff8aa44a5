import { checkpoint, currentTask, isError, sleep, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

everywhere("T1: the block ends when its body and all its tasks have ended", async () => {
  const ended: string[] = [];
  await taskGroup(async (group) => {
    for (const name of ["a", "b"]) group.spawn(() => checkpoint().then(() => ended.push(name)));
    await checkpoint();
    ended.push("body");
  });
  expect(ended.sort()).toEqual(["a", "b", "body"]);
});

everywhere("T1: clean-up included", async () => {
  let cleaned = false;
  const clean = (): Promise<void> =>
    shield(() => checkpoint().then(() => checkpoint())).then(() => void (cleaned = true));
  await errorOf(
    taskGroup(async (group) => {
      group.spawn(() => sleepForever().finally(clean));
      await checkpoint();
      await checkpoint();
      group.cancel();
      await checkpoint();
    }),
  );
  expect(cleaned).toBe(true);
});

everywhere("T7: leaving an empty group yields", async () => {
  const order: string[] = [];
  await taskGroup(async (group) => {
    group.spawn(() => void order.push("other"));
    await taskGroup(() => undefined);
    await checkpoint();
    order.push("body");
  });
  expect(order).toEqual(["other", "body"]);
});

timed("T7: by one turn", async () => {
  const order: string[] = [];
  await taskGroup((group) => {
    group.spawn(() => taskGroup(() => undefined).then(() => order.push("empty")));
    group.spawn(() =>
      checkpoint()
        .then(() => checkpoint())
        .then(() => order.push("two turns")),
    );
  });
  expect(order).toEqual(["empty", "two turns"]);
});

everywhere("T7: but is no cancellation point", async () => {
  const scope = new CancelScope();
  const value = await scope.run((it) => {
    it.cancel();
    return taskGroup(() => "left");
  });
  expect([value, scope.cancelledCaught]).toEqual(["left", false]);
});

everywhere("T12: taskGroup gives fn's value, of a plain function and of an async one", async () => {
  expect(await taskGroup(() => 7)).toBe(7);
  expect(await taskGroup(async (group) => group.spawn(() => checkpoint().then(() => 8)).result())).toBe(8);
});

everywhere(
  "T12: if its own cancel() cut the body and nothing failed, it rejects with TaskCancelled",
  async () => {
    const error = await errorOf(
      taskGroup(
        async (group) => {
          group.cancel("enough");
          await checkpoint();
        },
        { name: "workers" },
      ),
    );
    expect(isError(error, "TaskCancelled")).toBe(true);
    expect((error as Error).message).toMatch(/workers/);
    expect((error as Error).cause as Cancelled).toMatchObject({ source: "cancel", reason: "enough" });
  },
);

timed("T12: or a deadline set on it", async () => {
  const error = await errorOf(
    taskGroup(async (group) => {
      group.scope.deadline = 50;
      await sleepForever();
    }),
  );
  expect(isError(error, "TaskCancelled")).toBe(true);
});

everywhere("T12: if the body had returned, its value stands", async () => {
  const value = await taskGroup(async (group) => {
    group.spawn(sleepForever);
    await checkpoint();
    group.cancel();
    return "value";
  });
  expect(value).toBe("value");
});

everywhere("T12: a body that swallowed the cancellation has its value too", async () => {
  const value = await taskGroup(async (group) => {
    group.cancel();
    await checkpoint().catch(() => undefined);
    return "value";
  });
  expect(value).toBe("value");
});

timed("C12: a group's scope can be shielded and given a deadline while it runs", async () => {
  const scope = new CancelScope();
  let done = false;
  await scope.run(() =>
    taskGroup((group) => {
      group.scope.shield = true;
      group.spawn(() => sleep(50).then(() => (done = true)));
      scope.cancel();
    }),
  );
  expect([done, scope.cancelledCaught]).toEqual([true, false]);
});

timed("C11: a timeout around a group cancels all of it and waits", async () => {
  const cleaned: number[] = [];
  const value = await moveOnAfter(20, () =>
    taskGroup((group) => {
      for (const index of [1, 2, 3]) group.spawn(() => sleep(100).finally(() => cleaned.push(index)));
      return "value";
    }),
  );
  expect([value, cleaned.length]).toEqual([undefined, 3]);
});

everywhere("T1: 1e4 tasks in one group, each seen once, and none is kept", async () => {
  let ran = 0;
  await taskGroup(async (group) => {
    for (let count = 0; count < 1e4; count++) group.spawn(() => void ran++);
    while (ran < 1e4) await checkpoint();
    await checkpoint();
    expect(currentTask()?.children).toEqual([]);
  });
  expect(ran).toBe(1e4);
});
