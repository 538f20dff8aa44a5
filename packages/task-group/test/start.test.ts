import { checkpoint, currentTask, isCancelled, isError, sleep, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup, type StartingTask, type TaskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const failure = new Error("no");
const throws = (): never => {
  throw failure;
};

everywhere("T5: start waits until started(value), and gives the value; the child goes on in the group", async () => {
  const order: string[] = [];
  await taskGroup(async (group) => {
    const port = await group.start(async (task: StartingTask<number>) => {
      await checkpoint();
      task.started(8080);
      await checkpoint();
      order.push("served");
    });
    order.push(`port ${String(port)}`);
    expect(port).toBe(8080);
  });
  expect(order.sort()).toEqual(["port 8080", "served"]);
});

everywhere("T5: started() without a value gives undefined; returnHandle gives the handle, with its value", async () => {
  await taskGroup(async (group) => {
    expect(await group.start((task) => task.started())).toBe(undefined);
    const handle = await group.start(
      async (task: StartingTask<string>) => {
        task.started("up");
        await checkpoint();
        return 7;
      },
      { returnHandle: true },
    );
    expect([handle.startValue, await handle.result(), handle.status]).toEqual(["up", 7, "finished"]);
  });
});

everywhere("T5: until then the child belongs to the caller, afterwards to the group", async () => {
  await taskGroup(async (group) => {
    const host = currentTask();
    const caller = group.spawn(async () => {
      const self = currentTask();
      await group.start((task) => {
        expect(currentTask()?.parent).toBe(self);
        task.started();
        expect(currentTask()?.parent).toBe(host);
      });
    });
    await caller.result();
  });
});

everywhere("T5: its error before started is thrown from start, unwrapped, the group unharmed", async () => {
  const value = await taskGroup(async (group) => {
    expect(await errorOf(group.start(throws))).toBe(failure);
    expect(await errorOf(group.start(() => checkpoint().then(throws)))).toBe(failure);
    expect(await errorOf(group.start(() => taskGroup(throws)))).toMatchObject({ errors: [failure] });
    await checkpoint();
    return "unharmed";
  });
  expect(value).toBe("unharmed");
});

everywhere("T5: its error after started is the group's", async () => {
  const error = await errorOf(
    taskGroup(async (group) => {
      const value = await group.start(async (task: StartingTask<number>) => {
        task.started(2);
        await checkpoint();
        throws();
      });
      expect(value).toBe(2);
      await sleepForever();
    }),
  );
  expect(error).toMatchObject({ errors: [failure] });
});

everywhere("T5: returning without started is an error, NotStartedError", async () => {
  await taskGroup(async (group) => {
    const error = await errorOf(group.start(() => "nothing said", { name: "server" }));
    expect(isError(error, "NotStartedError")).toBe(true);
    expect((error as Error).message).toMatch(/server/);
  });
});

everywhere("T5: twice is an error, MisuseError; so is started in a spawned task", async () => {
  await taskGroup(async (group) => {
    await group.start((task) => {
      task.started();
      expect(isError(thrownBy(() => task.started()), "MisuseError")).toBe(true);
    });
    await group.spawn((task) => {
      expect(isError(thrownBy(() => (task as StartingTask<void>).started()), "MisuseError")).toBe(true);
    }).result();
  });
});

everywhere("T5: cancelling the call cancels the child and waits for it, the group unharmed", async () => {
  const log: string[] = [];
  const value = await taskGroup(async (group) => {
    await moveOnAfter(0, () =>
      group.start(async () => {
        log.push("begun");
        try {
          await sleepForever();
        } finally {
          await shield(() => checkpoint().then(checkpoint));
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

everywhere("T5: an abort of a foreign signal given to it does so too, and start rejects with the reason", async () => {
  const controller = new AbortController();
  await taskGroup(async (group) => {
    const call = errorOf(group.start(sleepForever, { signal: controller.signal }));
    await checkpoint();
    await checkpoint();
    controller.abort(failure);
    expect(await call).toBe(failure);
    await checkpoint();
  });
});

/** Starts a child that says started when the call was cancelled by `cancel`, then goes on. Gives what start gave or threw. */
async function saidTooLate(group: TaskGroup, after: (task: StartingTask<string>) => unknown, signal?: AbortSignal): Promise<unknown> {
  const child = async (task: StartingTask<string>): Promise<void> => {
    await shield(() => checkpoint().then(checkpoint));
    task.started("too late");
    await after(task);
  };
  return group.start(child, { signal }).then(
    (value) => value,
    (error: unknown) => error,
  );
}

everywhere("T5: if the call was cancelled started hands nothing over: the child is cancelled with it", async () => {
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
});

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

everywhere("T5: a start under way keeps an otherwise ended group open", async () => {
  let started = false;
  await taskGroup(async (outer) => {
    let inner: Promise<void> | undefined;
    await taskGroup((group) => {
      outer.spawn(async () => {
        inner = group.start(async (task) => {
          await checkpoint();
          await checkpoint();
          started = true;
          task.started();
        });
        await inner;
      });
      group.spawn(() => checkpoint().then(checkpoint));
    });
    expect(started).toBe(true);
  });
});

timed("T5: moved into a group that is cancelled, what sleeps in it is cut", async () => {
  const log: string[] = [];
  await taskGroup(async (outer) => {
    await taskGroup(async (group) => {
      outer.spawn(() =>
        group.start((task) =>
          taskGroup(async (own) => {
            own.spawn(() => sleepForever().finally(() => log.push("cut")));
            await shield(() => sleep(10));
            task.started();
            await sleepForever();
          }),
        ),
      );
      group.spawn(() => shield(() => sleep(50)));
      await sleep(1);
      group.cancel();
    });
    log.push("joined");
  });
  expect(log).toEqual(["cut", "joined"]);
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
