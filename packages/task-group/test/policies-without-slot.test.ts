// The policies on a runtime without an ambient context, as browsers are: through `{ signal }` and handles.
import { sleep, sleepForever, type WaitOptions } from "@arborio/core";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { moveOnAfter } from "@arborio/cancellation";
import {
  all,
  asCompleted,
  boundedSpawn,
  forEach,
  map,
  openTaskGroup,
  race,
  resource,
  retry,
  staggered,
  taskGroup,
} from "@arborio/task-group";
import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { groupErrorOf } from "./policies.ts";

const warn = vi.spyOn(console, "warn");
beforeAll(() => setAmbientSlot(null));
afterAll(() => setAmbientSlot(undefined));
beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
afterAll(() => warn.mockRestore());

/** Two waits, the second of which nothing ambient reaches. */
const work =
  (ms: number) =>
  async ({ signal }: WaitOptions): Promise<number> => {
    await sleep(ms, { signal });
    await sleep(ms, { signal });
    return ms;
  };

timed("all, race and staggered reach their functions by the handles they are given", async (root) => {
  expect(await all([work(3), work(1)], root)).toEqual([3, 1]);
  expect(await race([work(1_000), work(2)], root)).toBe(2);
  expect(await staggered([work(1_000), work(2), work(1_000)], { delay: 3, signal: root.signal })).toBe(2);
  expect(await moveOnAfter(10, ({ signal }) => all([work(1_000)], { signal }), root)).toBe(undefined);
  expect(warn.mock.calls).toEqual([]);
});

timed("map and forEach take the handle for options; a timeout around them is given as a signal", async () => {
  async function* items(): AsyncGenerator<number, void, undefined> {
    yield* [3, 1, 2];
  }
  expect(await map([3, 1, 2], sleep, { limit: 2 })).toEqual([undefined, undefined, undefined]);
  expect(await map(items(), (ms, task) => work(ms)(task), { limit: 2 })).toEqual([3, 1, 2]);
  const cut = moveOnAfter(10, ({ signal }) =>
    forEach(items(), (_, task) => work(1_000)(task), { limit: 1, signal }),
  );
  expect(await cut).toBe(undefined);
  expect(warn.mock.calls).toEqual([]);
});

timed("asCompleted and boundedSpawn", async () => {
  const order = await asCompleted([work(3), work(1)], async (tasks) => {
    const seen: number[] = [];
    for await (const task of tasks) seen.push(await task.result());
    return seen;
  });
  expect(order).toEqual([1, 3]);
  await taskGroup(async (group) => {
    const spawn = boundedSpawn(group, 1);
    for (const ms of [1, 2]) await spawn(work(ms), { signal: group.signal });
    const names: string[] = [];
    for await (const task of asCompleted(group, { signal: group.signal })) names.push(task.status);
    expect(names).toEqual(["finished"]);
  });
  expect(warn.mock.calls).toEqual([]);
});

timed("retry by a signal, in its pauses too", async () => {
  let attempts = 0;
  const cut = moveOnAfter(10, ({ signal }) =>
    retry(() => Promise.reject(new Error(String(++attempts))), {
      attempts: Infinity,
      delay: 8,
      jitter: 0,
      signal,
    }),
  );
  expect(await cut).toBe(undefined);
  expect(attempts).toBe(2);
});

timed("openTaskGroup and resource", async () => {
  const log: string[] = [];
  const failure = new Error("task");
  {
    await using group = openTaskGroup();
    group.spawn(({ signal }) => sleepForever({ signal }).finally(() => log.push("cut")));
    await sleep(1, { signal: group.signal });
  }
  const withGroup = resource(async function* () {
    await using group = openTaskGroup();
    try {
      yield group;
    } finally {
      await sleep(5);
      log.push("closed");
    }
  });
  const error = await groupErrorOf(
    withGroup(async (group, { signal }) => {
      group.spawn((task) => sleep(2, task).then(() => Promise.reject(failure)));
      await sleep(1, { signal });
      await sleepForever({ signal });
    }),
  );
  expect([error.errors, log]).toEqual([[failure], ["cut", "closed"]]);
  const controller = new AbortController();
  const cut = errorOf(withGroup((_, { signal }) => sleepForever({ signal }), { signal: controller.signal }));
  await sleep(1);
  controller.abort("enough");
  expect([await cut, log.length]).toEqual(["enough", 3]);
});
