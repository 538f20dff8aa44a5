import { AsyncLocalStorage } from "node:async_hooks";
import { checkpoint, currentTask } from "@arborio/core";
import { taskGroup, type TaskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere("T4: spawn never runs the function before it returns", async () => {
  let ran = false;
  await taskGroup((group) => {
    group.spawn(() => void (ran = true));
    expect(ran).toBe(false);
  });
  expect(ran).toBe(true);
});

everywhere("T4: children may spawn while the body is over and the group waits", async () => {
  const order: string[] = [];
  await taskGroup((group) => {
    group.spawn(async () => {
      await checkpoint();
      order.push("child");
      group.spawn(() => void order.push("grandchild"));
    });
    order.push("body");
  });
  expect(order).toEqual(["body", "child", "grandchild"]);
});

everywhere("T4: after the end spawn and start are an error, ERR_GROUP_CLOSED", async () => {
  const groups: TaskGroup[] = [];
  await taskGroup((group) => void groups.push(group));
  await errorOf(taskGroup((group) => (groups.push(group), Promise.reject(new Error("no")))));
  for (const group of groups) {
    expect(thrownBy(() => group.spawn(checkpoint))).toHaveProperty("code", "ERR_GROUP_CLOSED");
    expect(thrownBy(() => group.start(checkpoint))).toHaveProperty("code", "ERR_GROUP_CLOSED");
    group.cancel();
    expect(group.scope.cancelCalled).toBe(true);
  }
});

everywhere("T4: into a cancelled group: the child starts and runs to its first checkpoint", async () => {
  const reached: string[] = [];
  await taskGroup((group) => {
    group.cancel();
    group.spawn(async () => {
      reached.push("started");
      await checkpoint();
      reached.push("went on");
    });
  });
  expect(reached).toEqual(["started"]);
});

everywhere("T4: a promise instead of a function is a TypeError that says what to write", async () => {
  await taskGroup((group) => {
    for (const call of [
      () => group.spawn(Promise.resolve() as never),
      () => group.start(Promise.resolve() as never),
    ]) {
      const error = thrownBy(call) as TypeError;
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/write .*\(\) =>/);
    }
    expect(thrownBy(() => group.spawn(undefined as never))).toBeInstanceOf(TypeError);
  });
  expect(thrownBy(() => taskGroup(Promise.resolve() as never))).toBeInstanceOf(TypeError);
});

everywhere("T8: a child sees the spawner's async context, not the group's", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  await storage.run("opener", () =>
    taskGroup(async (group) => {
      group.spawn(() => seen.push(storage.getStore()));
      await storage.run("spawner", async () => {
        group.spawn(() => checkpoint().then(() => seen.push(storage.getStore())));
        await group.start((task) => {
          seen.push(storage.getStore());
          task.started();
        });
      });
    }),
  );
  expect(seen.sort()).toEqual(["opener", "spawner", "spawner"]);
});

everywhere("T8: task names: given, else the function's", async () => {
  await taskGroup(async (group) => {
    const named = group.spawn(function work() {
      return currentTask()?.name;
    });
    expect(await named.result()).toBe("work");
    expect(group.spawn(checkpoint, { name: "given" }).name).toBe("given");
    expect(group.spawn(() => undefined).name).toBe("anonymous");
    expect((await group.start((task) => task.started(), { name: "server", returnHandle: true })).name).toBe(
      "server",
    );
  });
});
