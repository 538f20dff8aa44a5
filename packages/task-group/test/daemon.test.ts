import { checkpoint, currentTime, isError, sleep, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup, type StartingTask, type TaskHandle } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { failing, groupErrorOf, slow, stubborn } from "./policies.ts";

const daemon = { daemon: true } as const;

timed("a daemon is cancelled when all others are done, and waited for", async () => {
  const log: string[] = [];
  const value = await taskGroup(async (group) => {
    group.spawn(slow(log), daemon);
    group.spawn(() => sleep(20));
    await sleep(10);
    return "body";
  });
  expect([value, log, currentTime()]).toEqual(["body", ["cleaned"], 25]);
});

everywhere("a group of daemons only ends with its body", async () => {
  let heartbeat: TaskHandle | undefined;
  let cancelled: unknown;
  await taskGroup((group) => {
    heartbeat = group.spawn(async () => {
      cancelled = await errorOf(sleepForever());
      throw cancelled;
    }, daemon);
  });
  expect([heartbeat?.status, (cancelled as Cancelled).source]).toEqual(["cancelled", "exit"]);
});

timed("a daemon that ends by itself is forgotten; the group waits for the others", async () => {
  await taskGroup((group) => {
    group.spawn(() => sleep(5), daemon);
    group.spawn(() => sleep(10));
  });
  expect(currentTime()).toBe(10);
});

timed("the failure of a daemon counts as any", async () => {
  const failure = new Error("no");
  const log: string[] = [];
  const error = await groupErrorOf(
    taskGroup(async (group) => {
      group.spawn(failing(5, failure), daemon);
      await slow(log)();
    }),
  );
  expect([error.errors, log]).toEqual([[failure], ["cleaned"]]);
});

timed("so does the failure of its clean-up", async () => {
  const cleanup = new Error("clean-up");
  const error = await groupErrorOf(
    taskGroup(async (group) => {
      group.spawn(stubborn(cleanup), daemon);
      await sleep(5);
    }),
  );
  expect(error.errors).toEqual([cleanup]);
});

timed("what a daemon spawns while it ends keeps the group open", async () => {
  const log: string[] = [];
  await taskGroup((group) => {
    group.spawn(async () => {
      await sleepForever().finally(() => {
        group.spawn(() => sleep(10).then(() => log.push("saved")));
      });
    }, daemon);
    group.spawn(() => sleep(1));
  });
  expect([log, currentTime()]).toEqual([["saved"], 11]);
});

timed("a daemon spawned when only daemons are left is cancelled at its first checkpoint", async () => {
  const log: string[] = [];
  await taskGroup((group) => {
    group.spawn(async () => {
      await sleepForever().finally(() => {
        group.spawn(() => {
          log.push("began");
          return sleepForever();
        }, daemon);
      });
    }, daemon);
    group.spawn(() => sleep(1));
  });
  expect([log, currentTime()]).toEqual([["began"], 1]);
});

timed("a started daemon is one from its started on", async () => {
  const log: string[] = [];
  const port = await taskGroup(async (group) => {
    const value = await group.start(async (task: StartingTask<number>) => {
      await sleep(5);
      task.started(8080);
      await slow(log)();
    }, daemon);
    await sleep(5);
    return value;
  });
  expect([port, log, currentTime()]).toEqual([8080, ["cleaned"], 15]);
});

timed("while a start is under way daemons live", async () => {
  let up = false;
  await taskGroup(async (outer) => {
    await taskGroup((group) => {
      group.spawn(() => sleepForever().finally(() => (up = group.scope.cancelCalled || up)), daemon);
      outer.spawn(() =>
        group.start(async (task) => {
          await sleep(10);
          up = true;
          task.started();
        }),
      );
      group.spawn(() => sleep(5));
    });
    expect([up, currentTime()]).toEqual([true, 10]);
  });
});

timed("a cancellation from outside reaches daemons as any; they are waited for once", async () => {
  const log: string[] = [];
  await moveOnAfter(5, () =>
    taskGroup((group) => {
      group.spawn(slow(log), daemon);
      group.spawn(slow(log));
    }),
  );
  expect([log.length, currentTime()]).toEqual([2, 10]);
});

timed("a shielded daemon is not cut, and waited for", async () => {
  await taskGroup((group) => void group.spawn(() => shield(() => sleep(10)), daemon));
  expect(currentTime()).toBe(10);
});

everywhere("T6: who waits for a daemon's result gets TaskCancelled", async () => {
  const scope = new CancelScope();
  await taskGroup(async (outer) => {
    let task: TaskHandle | undefined;
    await taskGroup((group) => {
      task = group.spawn(sleepForever, daemon);
    });
    const error = await outer.spawn(() => errorOf(task?.result() ?? checkpoint())).result();
    expect(isError(error, "TaskCancelled")).toBe(true);
  });
  expect(scope.cancelCalled).toBe(false);
});
