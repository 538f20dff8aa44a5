import { checkpoint, currentTime, isError, sleep, sleepForever } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { boundedSpawn, supervisedGroup, taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { groupErrorOf } from "./policies.ts";

timed("at most so many run at once; whoever spawns waits for room", async () => {
  const began: number[] = [];
  await taskGroup(async (group) => {
    const spawn = boundedSpawn(group, 2);
    for (let count = 0; count < 4; count++) {
      await spawn(() => {
        began.push(currentTime());
        return sleep(10);
      });
    }
    expect(currentTime()).toBe(10);
  });
  expect(began).toEqual([0, 0, 10, 10]);
});

everywhere("it gives the task's handle; the task is named by its function, or as given", async () => {
  await taskGroup(async (group) => {
    const spawn = boundedSpawn(group, 1);
    const handle = await spawn(function work() {
      return 7;
    });
    expect([handle.name, await handle.result()]).toEqual(["work", 7]);
    expect((await spawn(checkpoint, { name: "other" })).name).toBe("other");
  });
});

timed("S1: room is given in the order of the calls, and nobody barges", async () => {
  const order: number[] = [];
  await taskGroup(async (group) => {
    const spawn = boundedSpawn(group, 1);
    await spawn(() => sleep(10));
    const calls = [1, 2, 3].map((number) => spawn(() => void order.push(number)));
    await Promise.all(calls);
  });
  expect(order).toEqual([1, 2, 3]);
});

timed("a call that is cancelled while it waits starts nothing, and takes no room", async () => {
  const order: string[] = [];
  await taskGroup(async (group) => {
    const spawn = boundedSpawn(group, 1);
    await spawn(() => sleep(10));
    await moveOnAfter(5, () => spawn(() => void order.push("cancelled")));
    await spawn(() => void order.push("next"));
  });
  expect(order).toEqual(["next"]);
});

everywhere("in a cancelled scope it starts nothing (C3)", async () => {
  let ran = false;
  await taskGroup((group) => moveOnAfter(0, () => boundedSpawn(group, 1)(() => (ran = true))));
  expect(ran).toBe(false);
});

everywhere("a task that fails or is cancelled gives back its room", async () => {
  const failure = new Error("no");
  const errors: unknown[] = [];
  await supervisedGroup(
    async (group) => {
      const spawn = boundedSpawn(group, 1);
      await spawn(() => {
        throw failure;
      });
      (await spawn(sleepForever)).cancel();
      expect(await (await spawn(() => "third")).result()).toBe("third");
    },
    (error) => void errors.push(error),
  );
  expect(errors).toEqual([failure]);
});

everywhere("T4: after the group's end it is GroupClosedError", async () => {
  const spawn = await taskGroup((group) => boundedSpawn(group, 1));
  expect(isError(await errorOf(spawn(checkpoint)), "GroupClosedError")).toBe(true);
});

everywhere("the failure of a task is the group's", async () => {
  const failure = new Error("no");
  const error = await groupErrorOf(
    taskGroup((group) => boundedSpawn(group, 1)(() => Promise.reject(failure))),
  );
  expect(error.errors).toEqual([failure]);
});

everywhere("bad input: a RangeError for a bad limit, a TypeError for no function, at once", async () => {
  await taskGroup((group) => {
    for (const limit of [0, 1.5, NaN])
      expect(thrownBy(() => boundedSpawn(group, limit))).toBeInstanceOf(RangeError);
    const spawn = boundedSpawn(group, Infinity);
    expect(thrownBy(() => void spawn(checkpoint() as never))).toBeInstanceOf(TypeError);
  });
});
