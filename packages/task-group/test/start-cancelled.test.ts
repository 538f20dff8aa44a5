import { checkpoint, isCancelled, isError, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup, type StartingTask, type TaskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

const failure = new Error("no");
const throws = (): never => {
  throw failure;
};

everywhere("T5: cancelling the call cancels the child and waits for it, the group unharmed", async () => {
  const log: string[] = [];
  const value = await taskGroup(async (group) => {
    await moveOnAfter(0, () =>
      group.start(async () => {
        log.push("begun");
        try {
          await sleepForever();
        } finally {
          await shield(() => checkpoint().then(() => checkpoint()));
          log.push("cleaned");
        }
      }),
    );
    log.push("left");
    await checkpoint();
    return group.scope.cancelCalled;
  });
  expect([log, value]).toEqual([["begun", "cleaned", "left"], false]);
});

everywhere(
  "T5: an abort of a foreign signal given to it does so too, and start rejects with the reason",
  async () => {
    const controller = new AbortController();
    await taskGroup(async (group) => {
      const call = errorOf(group.start(sleepForever, { signal: controller.signal }));
      await checkpoint();
      await checkpoint();
      controller.abort(failure);
      expect(await call).toBe(failure);
      await checkpoint();
    });
  },
);

/** Starts a child that says started when the call was cancelled by `cancel`, then goes on. Gives what start gave or threw. */
async function saidTooLate(
  group: TaskGroup,
  after: (task: StartingTask<string>) => unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  const child = async (task: StartingTask<string>): Promise<void> => {
    await shield(() => checkpoint().then(() => checkpoint()));
    task.started("too late");
    await after(task);
  };
  return group.start(child, { signal }).then(
    (value) => value,
    (error: unknown) => error,
  );
}

everywhere(
  "T5: if the call was cancelled started hands nothing over: the child is cancelled with it",
  async () => {
    const scope = new CancelScope();
    let error: unknown;
    await taskGroup(async (group) => {
      await scope.run(async () => {
        scope.cancel();
        error = await saidTooLate(group, sleepForever);
      });
      expect(group.scope.cancelCalled).toBe(false);
    });
    expect(error).toSatisfy(isCancelled);
  },
);

everywhere("T5: the same by a foreign signal: start rejects with its reason", async () => {
  await taskGroup(async (group) => {
    const signal = AbortSignal.abort(failure);
    expect(await saidTooLate(group, sleepForever, signal)).toBe(failure);
  });
});

everywhere("T5: but it counts as said: a second one is an error", async () => {
  const scope = new CancelScope();
  await taskGroup((group) =>
    scope.run(async () => {
      scope.cancel();
      const error = await saidTooLate(group, (task) => task.started("again"));
      expect(isError(error, "MisuseError")).toBe(true);
    }),
  );
});

everywhere("T5: and if the child then ends without an error start returns the value", async () => {
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    await scope.run(async () => {
      scope.cancel();
      expect(await saidTooLate(group, () => undefined)).toBe("too late");
    });
    expect(await saidTooLate(group, () => undefined, AbortSignal.abort(failure))).toBe("too late");
  });
});

everywhere("T5: once started the signal of the call does not reach the child any more", async () => {
  const controller = new AbortController();
  await taskGroup(async (group) => {
    const child = async (task: StartingTask<void>): Promise<string> => {
      task.started();
      await checkpoint();
      await checkpoint();
      return "unharmed";
    };
    const task = await group.start(child, { signal: controller.signal, returnHandle: true });
    controller.abort(failure);
    expect(await task.result()).toBe("unharmed");
  });
});

everywhere("T5: a child that cancels itself before started: start rejects with TaskCancelled", async () => {
  await taskGroup(async (group) => {
    const error = await errorOf(
      group.start((task) => {
        task.cancel("enough");
        return sleepForever();
      }),
    );
    expect(isError(error, "TaskCancelled")).toBe(true);
    expect((error as Error).cause as Cancelled).toMatchObject({ reason: "enough" });
  });
});

everywhere("T5: a failing group around the call cancels it, whatever group it starts in", async () => {
  let cut = false;
  await taskGroup(async (group) => {
    const inner = taskGroup(async (around) => {
      around.spawn(() => checkpoint().then(throws));
      await group.start(() => sleepForever().finally(() => (cut = true)));
    });
    expect(await errorOf(inner)).toMatchObject({ errors: [failure] });
  });
  expect(cut).toBe(true);
});
