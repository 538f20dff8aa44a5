// T18 in the policies: the Cancelled of a scope elsewhere is a failure like any.
import { checkpoint, sleep, sleepForever } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import {
  all,
  allSettled,
  any,
  asCompleted,
  boundedSpawn,
  first,
  forEach,
  map,
  race,
  retry,
  staggered,
  taskGroup,
} from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";
import { expectStray, stray } from "./strays.ts";

/** A task that fails with it. */
const failing = (cause: unknown) =>
  async function failing(): Promise<never> {
    await checkpoint();
    throw cause;
  };

everywhere("T11, T18: all, map and forEach throw it in their group", async () => {
  const cause = await stray();
  const calls = [
    () => all([failing(cause), () => sleepForever()]),
    () => map([1], failing(cause)),
    () => forEach([1, 2], failing(cause), { limit: 1 }),
  ];
  for (const call of calls) expectStray((await errorsOf(call()))[0], "task 'failing'", cause);
});

everywhere("T18: a source of items that fails with it fails the policy", async () => {
  const cause = await stray();
  async function* source(): AsyncGenerator<number, void, undefined> {
    yield 1;
    throw cause;
  }
  expectStray((await errorsOf(map(source(), (item) => item)))[0], "task group 'map'", cause);
});

everywhere("T11, T18: race and first throw it as it is", async () => {
  const cause = await stray();
  for (const policy of [race, first]) {
    expectStray(await errorOf(policy([failing(cause), () => sleepForever()])), "task 'failing'", cause);
  }
});

timed("T11, T18: any and staggered pass it over, and go on at once", async () => {
  const cause = await stray();
  const good = (): Promise<string> => sleep(5).then(() => "good");
  expect(await any([failing(cause), good])).toBe("good");
  expect(await staggered([failing(cause), good], { delay: Infinity })).toBe("good");
  const errors = await errorsOf(any([failing(cause), failing(cause)]));
  expect(errors).toHaveLength(2);
  for (const error of errors) expectStray(error, "task 'failing'", cause);
});

everywhere("T18: allSettled tells it of its function alone", async () => {
  const cause = await stray();
  const [bad, good] = await allSettled([failing(cause), () => checkpoint().then(() => 1)]);
  expect(good).toEqual({ status: "fulfilled", value: 1 });
  expectStray((bad as PromiseRejectedResult).reason, "task 'failing'", cause);
});

everywhere("T18: asCompleted throws it in its group, whether of a task or of its use", async () => {
  const cause = await stray();
  const use = async (tasks: AsyncIterable<{ result(): Promise<unknown> }>): Promise<void> => {
    for await (const task of tasks) await task.result();
  };
  expectStray((await errorsOf(asCompleted([failing(cause)], use)))[0], "task 'failing'", cause);
  const errors = await errorsOf(asCompleted([() => sleepForever()], failing(cause)));
  expectStray(errors[0], "task group 'asCompleted'", cause);
});

everywhere("T18: a bounded spawn's task fails its group with it", async () => {
  const cause = await stray();
  const errors = await errorsOf(taskGroup((group) => boundedSpawn(group, 1)(failing(cause)).then(() => {})));
  expectStray(errors[0], "task 'failing'", cause);
});

everywhere(
  "T18: retry tries again after it, and after a group with it; not after its own cancellation",
  async () => {
    const cause = await stray();
    const errors = [cause, new AggregateError([cause, new Error("real")])];
    const seen: unknown[] = [];
    const options = { delay: 0, when: (error: unknown) => seen.push(error) > 0 };
    const flaky = (attempt: number): unknown => {
      if (attempt <= errors.length) throw errors[attempt - 1];
      return attempt;
    };
    expect([await retry(flaky, options), seen]).toEqual([3, errors]);
    expect(await errorOf(retry(() => Promise.reject(cause as Error), { delay: 0, attempts: 2 }))).toBe(cause);
    const outer = new CancelScope();
    let attempts = 0;
    const cut = async (): Promise<void> => {
      attempts++;
      outer.cancel();
      // Hidden by a shield, it is on its way all the same (C12).
      await sleepForever().finally(() => (inner.shield = true));
    };
    const inner = new CancelScope();
    await outer.run(() => inner.run(() => retry(cut, { delay: 0 })));
    expect(attempts).toBe(1);
  },
);
