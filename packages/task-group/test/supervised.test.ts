import { checkpoint, currentTask, leaves, currentTime, sleep, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { supervisedGroup, taskGroup, type TaskHandle } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

timed("onError is given each task's error and its handle, and the siblings live on", async () => {
  const failure = new Error("no");
  const seen: [unknown, string, string][] = [];
  const value = await supervisedGroup(
    async (group) => {
      group.spawn(failing(5, failure), { name: "worker" });
      return group.spawn(after(20, "sibling")).result();
    },
    (error, task) => void seen.push([error, task.name, task.status]),
  );
  expect([value, seen, currentTime()]).toEqual(["sibling", [[failure, "worker", "failed"]], 20]);
});

everywhere("cancellations are no errors", async () => {
  let called = 0;
  await moveOnAfter(1, () =>
    supervisedGroup(
      async (group) => {
        group.spawn(sleepForever).cancel();
        group.spawn(() => sleepForever());
        await sleepForever();
      },
      () => void called++,
    ),
  );
  expect(called).toBe(0);
});

timed(
  "what fails while being cancelled goes to onError, the Cancelled beside it to the scope it is for",
  async () => {
    const cleanup = new Error("clean-up");
    const seen: unknown[] = [];
    const scope = new CancelScope({ timeout: 5 });
    await scope.run(() =>
      supervisedGroup(
        (group) =>
          void group.spawn(() =>
            taskGroup((inner) => [sleepForever, stubborn(cleanup)].map((fn) => inner.spawn(fn))),
          ),
        (error) => void seen.push(...leaves(error)),
      ),
    );
    expect([seen, scope.cancelledCaught]).toEqual([[cleanup], true]);
  },
);

timed("if onError throws, that fails the group", async () => {
  const [failure, other] = [new Error("no"), new Error("onError")];
  const log: string[] = [];
  const supervise = (error: unknown): never => {
    expect(error).toBe(failure);
    throw other;
  };
  const error = await groupErrorOf(
    supervisedGroup((group) => {
      group.spawn(failing(5, failure));
      group.spawn(slow(log));
    }, supervise),
  );
  expect([error.errors, log]).toEqual([[other], ["cleaned"]]);
});

timed(
  "onError may wait, in the group's scope; the group waits for it, and a rejection fails it",
  async () => {
    const [failure, other] = [new Error("no"), new Error("onError")];
    const error = await groupErrorOf(
      supervisedGroup(
        (group) => void group.spawn(failing(5, failure)),
        async () => {
          await sleep(10);
          throw other;
        },
      ),
    );
    expect([error.errors, currentTime()]).toEqual([[other], 15]);
  },
);

everywhere("onError can spawn again: a supervisor that restarts", async () => {
  let runs = 0;
  let restart = (): void => {};
  await supervisedGroup(
    (group) => {
      restart = () => void group.spawn(() => (++runs < 3 ? Promise.reject(new Error("again")) : "up"));
      restart();
    },
    () => restart(),
  );
  expect(runs).toBe(3);
});

everywhere("onError runs in the group, not in who spawned", async () => {
  let where: string | undefined;
  await supervisedGroup(
    async (group) => {
      const spawner = group.spawn(() => void group.spawn(() => Promise.reject(new Error("no"))), {
        name: "spawner",
      });
      await spawner.wait();
    },
    () => void (where = currentTask()?.name),
  );
  expect(where).not.toBe("spawner");
});

everywhere("the body's own error fails the group as ever", async () => {
  const failure = new Error("body");
  let cut = false;
  const error = await groupErrorOf(
    supervisedGroup(
      async (group) => {
        group.spawn(() => sleepForever().finally(() => (cut = true)));
        await checkpoint();
        await checkpoint();
        throw failure;
      },
      () => {},
    ),
  );
  expect([error.errors, cut]).toEqual([[failure], true]);
});

everywhere("T6: result() throws the task's error all the same, and then it is the body's", async () => {
  const failure = new Error("no");
  const seen: unknown[] = [];
  const error = await errorOf(
    supervisedGroup(
      async (group) => {
        const task: TaskHandle = group.spawn(() => Promise.reject(failure));
        await task.result();
      },
      (one) => void seen.push(one),
    ),
  );
  expect([(error as AggregateError).errors, seen]).toEqual([[failure], [failure]]);
});

everywhere("an onError that is no function is a TypeError at once", () => {
  expect(thrownBy(() => void supervisedGroup(checkpoint, 1 as never))).toBeInstanceOf(TypeError);
});
