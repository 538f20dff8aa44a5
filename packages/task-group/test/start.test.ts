import { checkpoint, currentTask, isError, sleep, sleepForever } from "@arborio/core";
import { shield } from "@arborio/cancellation";
import { taskGroup, type StartingTask } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const failure = new Error("no");
const throws = (): never => {
  throw failure;
};

everywhere(
  "T5: start waits until started(value), and gives the value; the child goes on in the group",
  async () => {
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
  },
);

everywhere(
  "T5: started() without a value gives undefined; returnHandle gives the handle, with its value",
  async () => {
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
  },
);

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
      expect(
        isError(
          thrownBy(() => task.started()),
          "MisuseError",
        ),
      ).toBe(true);
    });
    await group
      .spawn((task) => {
        expect(
          isError(
            thrownBy(() => (task as StartingTask<void>).started()),
            "MisuseError",
          ),
        ).toBe(true);
      })
      .result();
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
      group.spawn(() => checkpoint().then(() => checkpoint()));
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
