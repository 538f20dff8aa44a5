// What the tests of AnyIO and trio pin down of `start` that no other test here does; see docs/behaviours.md.
import { checkpoint, isCancelled, isError, sleepForever } from "@arborio/core";
import { CancelScope, shield } from "@arborio/cancellation";
import { taskGroup, type StartingTask } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";

everywhere("T5: a plain function may say started before it returns its promise", async () => {
  await taskGroup(async (group) => {
    const wrapper = (task: StartingTask<number>): Promise<string> => {
      task.started(5);
      return checkpoint().then(() => "value");
    };
    const handle = await group.start(wrapper, { returnHandle: true });
    expect([handle.startValue, await handle.result()]).toEqual([5, "value"]);
  });
});

everywhere(
  "T5: a second started in the same step fails the group, for the child is the group's",
  async () => {
    let value: unknown;
    const errors = await errorsOf(
      taskGroup(async (group) => {
        value = await group.start((task: StartingTask<number>) => {
          task.started(1);
          task.started(2);
        });
      }),
    );
    expect([value, errors.length, isError(errors[0], "MisuseError")]).toEqual([1, 1, true]);
  },
);

everywhere(
  "T5: the group cancelled between the call of start and its await: started counts once",
  async () => {
    const value = await taskGroup(async (group) => {
      const starting = group.start((task: StartingTask<string>) => task.started("up"));
      group.cancel();
      return starting;
    });
    expect(value).toBe("up");
  },
);

everywhere("T5: in a cancelled group the child begins, and ends at its first checkpoint", async () => {
  const reached: string[] = [];
  const error = await errorOf(
    taskGroup(async (group) => {
      group.cancel();
      await group.start(async (task) => {
        reached.push("begun");
        await checkpoint();
        reached.push("never");
        task.started();
      });
      reached.push("never");
    }),
  );
  expect(isError(error, "TaskCancelled")).toBe(true);
  expect(reached).toEqual(["begun"]);
});

everywhere("T6: the handle of a started task that was cancelled keeps its startValue", async () => {
  await taskGroup(async (group) => {
    const child = (task: StartingTask<string>): Promise<never> => {
      task.started("up");
      return sleepForever();
    };
    const handle = await group.start(child, { returnHandle: true });
    handle.cancel();
    await handle.wait();
    expect([handle.status, handle.startValue]).toEqual(["cancelled", "up"]);
  });
});

everywhere(
  "T5: a shield in the starting child holds off the caller's cancellation, until it is left",
  async () => {
    const log: string[] = [];
    await taskGroup(async (group) => {
      await new CancelScope().run(async (scope) => {
        const starting = group.start(async () => {
          await shield(async () => {
            scope.cancel();
            await checkpoint();
            log.push("shielded");
          });
          await checkpoint();
          log.push("never");
        });
        expect(await errorOf(starting)).toSatisfy(isCancelled);
        log.push("start threw");
      });
      expect(group.scope.cancelCalled).toBe(false);
    });
    expect(log).toEqual(["shielded", "start threw"]);
  },
);

everywhere(
  "T5: the call was cancelled: what the child throws after its started comes out of start",
  async () => {
    const failure = new Error("later");
    let value: unknown;
    await taskGroup(async (group) => {
      const outcome = await new CancelScope().run((scope) => {
        scope.cancel();
        const starting = group.start((task: StartingTask<string>) => {
          task.started("dropped");
          throw failure;
        });
        return errorOf(starting);
      });
      value = outcome;
      await checkpoint();
    });
    expect(value).toBe(failure);
  },
);

everywhere("T5: what the child throws before started is the very object, its cause kept", async () => {
  const failure = new Error("no", { cause: new Error("why") });
  const { cause } = failure;
  const group = new AggregateError([failure], "the child's own");
  await taskGroup(async (tasks) => {
    for (const error of [failure, group]) {
      expect(await errorOf(tasks.start(() => Promise.reject(error)))).toBe(error);
    }
  });
  expect([failure.cause, group.errors]).toEqual([cause, [failure]]);
});
