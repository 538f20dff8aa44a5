// What the tests of AnyIO, trio and asyncio pin down of groups that no other test here does; see docs/behaviours.md.
import { checkpoint, currentTask, isCancelled, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup, type TaskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";

const throws = (error: unknown) => (): never => {
  throw error;
};

everywhere(
  "T1: the parent of a spawned task is the group's host, also if another child spawned it",
  async () => {
    await taskGroup(async (group) => {
      const host = currentTask();
      const child = group.spawn(() => group.spawn(() => currentTask()?.parent).result());
      expect(host).toBeDefined();
      expect(await child.result()).toBe(host);
    });
  },
);

everywhere("T9: groups keep their nesting, and no Cancelled is in them", async () => {
  const [body, child] = [new Error("body"), new Error("child")];
  const inner = (): Promise<void> =>
    taskGroup((group) => {
      group.spawn(sleepForever);
      group.spawn(() => sleepForever().finally(throws(child)));
    });
  const errors = await errorsOf(
    taskGroup(async (group) => {
      group.spawn(inner);
      for (let turns = 0; turns < 4; turns++) await checkpoint();
      throw body;
    }),
  );
  expect(errors.length).toBe(2);
  expect(errors[0]).toBe(body);
  expect((errors[1] as AggregateError).errors).toEqual([child]);
});

everywhere("T2: the errors are the very objects, their causes kept; the group's error has none", async () => {
  const failure = new Error("no", { cause: new Error("why") });
  const { cause } = failure;
  const error = (await errorOf(taskGroup((group) => void group.spawn(throws(failure))))) as AggregateError;
  expect(error.errors[0]).toBe(failure);
  expect([failure.cause, "cause" in error]).toEqual([cause, false]);
});

everywhere("T2: a failed group leaves nothing behind: the next checkpoint passes", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    await errorOf(taskGroup((group) => void group.spawn(throws(new Error("no")))));
    await checkpoint();
  });
  expect(scope.cancelCalled).toBe(false);
});

everywhere("T2: real errors win over an outer cancellation, which the next checkpoint throws", async () => {
  const failure = new Error("no");
  const seen: unknown[] = [];
  const outer = new CancelScope();
  await outer.run(async () => {
    const group = taskGroup((tasks) => {
      tasks.spawn(() => sleepForever().finally(throws(failure)));
      tasks.spawn(() => void outer.cancel());
    });
    seen.push(...((await errorsOf(group)) as Error[]));
    seen.push(isCancelled(await errorOf(checkpoint())));
  });
  expect(seen).toContain(failure);
  expect(seen.at(-1)).toBe(true);
});

everywhere("C10: a group's cancel says its reason in the text of the Cancelled", async () => {
  const seen = await taskGroup((group) => {
    group.cancel("test reason");
    return errorOf(checkpoint());
  });
  expect((seen as Cancelled).message).toContain("test reason");
});

everywhere("C10: the body fails: its tasks see source sibling, the error, and the host's name", async () => {
  const failure = new Error("body");
  let seen: unknown;
  const host = (): Promise<unknown> =>
    errorOf(
      taskGroup(async (group) => {
        group.spawn(async () => (seen = await errorOf(sleepForever())));
        for (let turns = 0; turns < 3; turns++) await checkpoint();
        throw failure;
      }),
    );
  await taskGroup((group) => void group.spawn(host, { name: "host" }));
  expect(seen).toMatchObject({ source: "sibling", reason: failure, by: "host" });
});

everywhere("C1: an outer group's cancellation reaches a task in its own, empty group", async () => {
  const cut: string[] = [];
  await taskGroup(async (outer) => {
    outer.spawn(() => taskGroup(() => sleepForever().finally(() => cut.push("body of the empty group"))));
    for (let turns = 0; turns < 3; turns++) await checkpoint();
    outer.cancel();
  });
  expect(cut).toEqual(["body of the empty group"]);
});

everywhere("C2: one task can be cancelled time after time, in one group after another", async () => {
  let cut = 0;
  const round = async (group: TaskGroup): Promise<string> => {
    group.spawn(() => sleepForever().finally(() => cut++));
    group.cancel();
    await checkpoint().catch(() => cut++);
    return "cancelled";
  };
  for (let rounds = 0; rounds < 3; rounds++) expect(await taskGroup(round)).toBe("cancelled");
  await checkpoint();
  expect(cut).toBe(6);
});

everywhere(
  "T4: a child that would spawn into its cancelled group ends at the checkpoint before",
  async () => {
    let spawned = false;
    const value = await taskGroup((group) => {
      group.spawn(async () => {
        await checkpoint();
        spawned = true;
        group.spawn(throws(new Error("never")));
      });
      group.cancel();
      return "value";
    });
    expect([value, spawned]).toEqual(["value", false]);
  },
);

everywhere("C9: cancelling a group whose only task has just ended cuts and throws nothing", async () => {
  const value = await taskGroup(async (group) => {
    const task = group.spawn(() => "done");
    await task.wait();
    group.cancel();
    return [task.status, await errorOf(task.result())];
  });
  expect(value[0]).toBe("finished");
  expect(value[1]).toSatisfy(isCancelled);
});

everywhere("T7: in a cancelled scope a group whose child never waits catches nothing", async () => {
  const scope = new CancelScope();
  let ran = false;
  await scope.run(async (it) => {
    it.cancel();
    await taskGroup((group) => void group.spawn(() => void (ran = true)));
  });
  expect([ran, scope.cancelCalled, scope.cancelledCaught]).toEqual([true, true, false]);
});

everywhere("T2: a cancellation that comes while the group waits is the children's alone", async () => {
  const outer = new CancelScope();
  const value = await outer.run(() =>
    taskGroup((group) => {
      group.spawn(() => sleepForever().catch(() => "swallowed"));
      group.spawn(() => void outer.cancel());
      return "value";
    }),
  );
  expect([value, outer.cancelCalled, outer.cancelledCaught]).toEqual(["value", true, false]);
});

everywhere("T6: a task that catches its cancellation and returns has finished, with its value", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() => sleepForever().catch(() => "caught"));
    for (let turns = 0; turns < 2; turns++) await checkpoint();
    task.cancel();
    expect([await task.result(), task.status]).toEqual(["caught", "finished"]);
  });
});

everywhere("T8: an empty name is a name", async () => {
  await taskGroup((group) => expect(group.spawn(checkpoint, { name: "" }).name).toBe(""));
});
