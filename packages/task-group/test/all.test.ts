import { checkpoint, currentTime, isError, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { all } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

timed("all runs its functions at once, and gives the values in their order", async () => {
  const values = await all([after(30, "a"), after(10, 2), () => true]);
  const [a, b, c]: [string, number, boolean] = values;
  expect([a, b, c, currentTime()]).toEqual(["a", 2, true, 30]);
});

everywhere("all of none is a list of none", async () => {
  expect(await all([])).toEqual([]);
});

everywhere("a function of all is given its handle", async () => {
  expect(
    await all([
      (task) => task.name,
      function named(task) {
        return task.name;
      },
    ]),
  ).toEqual(["anonymous", "named"]);
});

timed(
  "T11: the first failure cancels the others, is the cause, and its message is in the group's",
  async () => {
    const failure = new Error("disk full");
    const log: string[] = [];
    const error = await groupErrorOf(all([slow(log), failing(10, failure), slow(log)]));
    expect([error.errors, error.cause, log.length]).toEqual([[failure], failure, 2]);
    expect(error.message).toContain("disk full");
  },
);

timed("T11: no clean-up error is dropped", async () => {
  const [failure, cleanup] = [new Error("first"), new Error("clean-up")];
  const error = await groupErrorOf(all([stubborn(cleanup), failing(10, failure)]));
  expect([error.errors, error.cause]).toEqual([[failure, cleanup], failure]);
});

timed("T10: a timeout around all cancels the functions and waits for them", async () => {
  const log: string[] = [];
  expect(await moveOnAfter(10, () => all([slow(log), after(1, 1)]))).toBe(undefined);
  expect([log.length, currentTime()]).toEqual([1, 15]);
});

everywhere("C17: an abort of a foreign signal given to all comes out as its reason", async () => {
  const controller = new AbortController();
  const running = errorOf(all([sleepForever], { signal: controller.signal }));
  await checkpoint();
  await checkpoint();
  controller.abort("enough");
  expect(await running).toBe("enough");
});

everywhere("C17: a signal of ours given to all links to its scope", async () => {
  const scope = new CancelScope();
  const given = new CancelScope();
  await given.run(async () => {
    const running = scope.run(() => all([sleepForever], { signal: given.signal }));
    given.cancel();
    await running;
  });
  expect([scope.cancelCalled, given.cancelledCaught]).toEqual([false, true]);
});

everywhere("a function of all that cancels itself counts as failed with TaskCancelled", async () => {
  const error = await groupErrorOf(
    all([
      (task) => {
        task.cancel();
        return checkpoint();
      },
    ]),
  );
  expect(isError(error.errors[0], "TaskCancelled")).toBe(true);
});

everywhere("T4: bad input is a TypeError at once, that says what to write", () => {
  const promise = Promise.resolve(1);
  for (const [input, text] of [
    [[promise], "write () => work(), not work()"],
    [[1], "it takes a function, received number"],
    [undefined, "it takes a list of functions, received undefined"],
    [() => 1, "it takes a list of functions, received function"],
  ] as const) {
    const error = thrownBy(() => void all(input as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(text);
  }
});
