import { checkpoint, isCancelled, isError, sleep, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere("C16: a scope is used once: neither again, nor while it is active", async () => {
  const scope = new CancelScope();
  await scope.run(() => {
    expect(
      isError(
        thrownBy(() => scope.run(checkpoint)),
        "MisuseError",
      ),
    ).toBe(true);
  });
  expect(
    isError(
      thrownBy(() => scope.run(checkpoint)),
      "MisuseError",
    ),
  ).toBe(true);
});

timed("C16: scopes opened concurrently in one task are siblings and do not disturb each other", async () => {
  const ended: string[] = [];
  const within = (name: string, ms: number, work: number): Promise<string | undefined> =>
    moveOnAfter(ms, async () => {
      await sleep(work);
      ended.push(name);
      return name;
    });
  const values = await Promise.all([
    within("a", 100, 50),
    within("b", 20, 60),
    within("c", 70, 65),
    sleep(30),
  ]);
  expect(values).toEqual(["a", undefined, "c", undefined]);
  expect(ended).toEqual(["a", "c"]);
});

everywhere("C16: cancelling one of concurrent scopes leaves the other its wait", async () => {
  const one = new CancelScope();
  const other = new CancelScope();
  await Promise.all([
    one.run(sleepForever),
    other.run(async () => {
      await checkpoint();
      one.cancel();
      await checkpoint();
    }),
  ]);
  expect([one.cancelledCaught, other.cancelCalled]).toEqual([true, false]);
});

everywhere(
  "C21: run gives the function's value, also if the scope was cancelled when it had it",
  async () => {
    expect(await new CancelScope().run(() => "plain")).toBe("plain");
    expect(await new CancelScope().run(async () => "promised")).toBe("promised");
    const cancelled = await new CancelScope().run((scope) => {
      scope.cancel();
      return "in time";
    });
    expect(cancelled).toBe("in time");
  },
);

everywhere("C21: run gives undefined if the scope's own cancellation cut the function", async () => {
  const value = await new CancelScope().run(async (scope) => {
    scope.cancel();
    await checkpoint();
    return "late";
  });
  expect(value).toBe(undefined);
});

everywhere("C21: what the function throws is thrown, before its first wait or after", async () => {
  const failure = new Error("no");
  const fails = (): never => {
    throw failure;
  };
  expect(await errorOf(new CancelScope().run(fails))).toBe(failure);
  expect(await errorOf(new CancelScope().run(() => checkpoint().then(fails)))).toBe(failure);
  expect(thrownBy(() => new CancelScope().run("work" as never))).toBeInstanceOf(TypeError);
});

timed("C21: a thenable that works only when asked works in the scope too", async () => {
  const lazy = {
    then: (resolve: (value: string) => void) => void sleep(100).then(() => resolve("late"), resolve),
  };
  expect(await moveOnAfter(10, () => lazy as unknown as Promise<string>)).toSatisfy(isCancelled);
});
