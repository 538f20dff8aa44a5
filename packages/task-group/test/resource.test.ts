import { checkpoint, currentTime, isCancelled, isError, sleep, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { openTaskGroup, resource } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { failing, groupErrorOf, slow } from "./policies.ts";

/** A resource that notes its life. */
function noting(log: string[]) {
  return resource(async function* noted(name: string) {
    log.push(`open ${name}`);
    await sleep(1);
    try {
      yield name.toUpperCase();
    } finally {
      await sleep(5);
      log.push(`close ${name}`);
    }
  });
}

everywhere("set-up, the function, clean-up, in this order; it gives the function's value", async () => {
  const log: string[] = [];
  const withOne = resource(async function* () {
    log.push("open");
    await checkpoint();
    yield 41;
    await checkpoint();
    log.push("close");
  });
  const value: number = await withOne((one) => {
    log.push("use");
    return one + 1;
  });
  expect([value, log]).toEqual([42, ["open", "use", "close"]]);
});

timed("arguments come first, options last", async () => {
  const log: string[] = [];
  const use = noting(log);
  expect(await use("db", async (name) => `${name}!`)).toBe("DB!");
  expect(await use("db", (name) => name, {})).toBe("DB");
  const withMany = resource(async function* (a: number, b?: number) {
    yield a + (b ?? 0);
  });
  expect([await withMany(1, 2, (sum) => sum), await withMany(1, undefined, (sum) => sum)]).toEqual([3, 1]);
});

timed("the clean-up runs under a shield when the function is cancelled", async () => {
  const log: string[] = [];
  expect(await moveOnAfter(10, () => noting(log)("db", () => sleepForever()))).toBe(undefined);
  expect([log, currentTime()]).toEqual([["open db", "close db"], 15]);
});

timed("set-up runs in the caller's scope: cancelled there, the function is not called", async () => {
  let used = false;
  const withSlow = resource(async function* () {
    await sleep(100);
    yield 1;
  });
  await moveOnAfter(10, () => withSlow(() => (used = true)));
  expect([used, currentTime()]).toEqual([false, 10]);
});

everywhere("in a cancelled scope the first checkpoint of the set-up throws", async () => {
  const log: string[] = [];
  await moveOnAfter(0, () => noting(log)("db", () => 1));
  expect(log).toEqual(["open db"]);
});

timed("an error of the function comes out after the clean-up", async () => {
  const failure = new Error("no");
  const log: string[] = [];
  expect(await errorOf(noting(log)("db", failing(1, failure)))).toBe(failure);
  expect(log).toEqual(["open db", "close db"]);
});

everywhere("it is thrown at the yield: a generator may translate it", async () => {
  const failure = new Error("no");
  const withTranslation = resource(async function* () {
    try {
      yield;
    } catch (error) {
      throw new RangeError("translated", { cause: error });
    }
  });
  expect(await errorOf(withTranslation(() => Promise.reject(failure)))).toMatchObject({
    message: "translated",
    cause: failure,
  });
});

everywhere(
  "a generator that catches it and returns a value has handled it; one that returns nothing has not",
  async () => {
    const withFallback = resource(async function* () {
      try {
        yield 1;
      } catch (error) {
        return error instanceof RangeError ? "fallback" : undefined;
      }
      return undefined;
    });
    const value: number | string = await withFallback((): number => {
      throw new RangeError("no");
    });
    expect(value).toBe("fallback");
    const failure = new Error("no");
    expect(await errorOf(withFallback(() => Promise.reject(failure)))).toBe(failure);
    expect(await withFallback((one) => one)).toBe(1);
  },
);

timed("the failure of the clean-up comes out, and of await using both", async () => {
  const [failure, cleanup] = [new Error("use"), new Error("clean-up")];
  const withBroken = resource(async function* () {
    await using _ = { [Symbol.asyncDispose]: () => Promise.reject(cleanup) };
    yield 1;
  });
  expect(await errorOf(withBroken(() => 1))).toBe(cleanup);
  expect(await errorOf(withBroken(failing(1, failure)))).toMatchObject({
    error: cleanup,
    suppressed: failure,
  });
});

everywhere("an error of the set-up comes out, and the function is not called", async () => {
  const failure = new Error("no");
  const withBroken = resource(async function* () {
    await checkpoint();
    if (failure.message === "no") throw failure;
    yield 1;
  });
  let used = false;
  expect(await errorOf(withBroken(() => (used = true)))).toBe(failure);
  expect(used).toBe(false);
});

/** A resource with a task group around the function. */
const withGroup = resource(async function* (log: string[]) {
  await using group = openTaskGroup();
  try {
    yield group;
  } finally {
    await sleep(5);
    log.push("closed");
  }
});

timed("a group of the set-up is around the function: its tasks run, and end with it", async () => {
  const log: string[] = [];
  const value = await withGroup(log, async (group) => {
    group.spawn(slow(log, "task"));
    await sleep(10);
    return "used";
  });
  expect([value, log, currentTime()]).toEqual(["used", ["closed", "task"], 20]);
});

timed(
  "if it fails the function is cancelled, the clean-up runs, and the group's error comes out",
  async () => {
    const failure = new Error("task");
    const log: string[] = [];
    const error = await groupErrorOf(
      withGroup(log, async (group) => {
        group.spawn(failing(10, failure));
        await sleepForever().finally(() => log.push("cut"));
      }),
    );
    expect([error.errors, isCancelled(error), log, currentTime()]).toEqual([
      [failure],
      false,
      ["cut", "closed"],
      15,
    ]);
  },
);

timed("if it is cancelled, and nothing failed: TaskCancelled, as taskGroup (T12)", async () => {
  const log: string[] = [];
  const error = await errorOf(
    withGroup(log, async (group) => {
      group.cancel();
      await sleepForever();
    }),
  );
  expect([isError(error, "TaskCancelled"), log]).toEqual([true, ["closed"]]);
});

timed("a function that had returned keeps its value, if nothing failed", async () => {
  const value = await withGroup([], (group) => {
    group.cancel();
    return "kept";
  });
  expect(value).toBe("kept");
});

timed("an outer cancellation with a failing group: both go on, the outer takes the Cancelled", async () => {
  const failure = new Error("task");
  const scope = new CancelScope({ timeout: 10 });
  const error = await errorOf(
    scope.run(() =>
      withGroup([], async (group) => {
        group.spawn(() => sleepForever().catch(() => Promise.reject(failure)));
        await sleepForever();
      }),
    ),
  );
  expect((error as AggregateError).errors).toEqual([failure]);
  expect(scope.cancelledCaught).toBe(true);
});

timed("two groups of one set-up: each is around what comes after it", async () => {
  const withTwo = resource(async function* () {
    await using outer = openTaskGroup({ name: "outer" });
    await using inner = openTaskGroup({ name: "inner" });
    yield { outer, inner };
  });
  for (const which of ["outer", "inner"] as const) {
    const failure = new Error(which);
    const log: string[] = [];
    const error = await groupErrorOf(
      withTwo(async (groups) => {
        groups.inner.spawn(slow(log, "inner"));
        groups.outer.spawn(slow(log, "outer"));
        groups[which].spawn(failing(10, failure));
        await sleepForever();
      }),
    );
    expect([error.errors, log.sort()]).toEqual([[failure], ["inner", "outer"]]);
  }
});

timed("a group that ended in the set-up, failed and caught, is not around the function", async () => {
  const withEnded = resource(async function* () {
    try {
      await using group = openTaskGroup();
      group.spawn(() => Promise.reject(new Error("caught")));
      await group.join();
    } catch {
      // retried elsewhere
    }
    yield "up";
  });
  expect(await withEnded(async (value) => sleep(1).then(() => value))).toBe("up");
});

timed("openTaskGroup in the function itself is the function's own", async () => {
  const failure = new Error("task");
  const log: string[] = [];
  const value = await noting(log)("db", async () => {
    const group = openTaskGroup();
    group.spawn(failing(1, failure));
    await sleep(5);
    await groupErrorOf(group.join());
    return "not cut";
  });
  expect([value, log]).toEqual(["not cut", ["open db", "close db"]]);
});

timed("resources nest", async () => {
  const log: string[] = [];
  const use = noting(log);
  await use("a", () => use("b", () => sleep(1)));
  expect(log).toEqual(["open a", "open b", "close b", "close a"]);
});

timed("C17: the reason of a foreign signal comes out after the clean-up", async () => {
  const controller = new AbortController();
  const log: string[] = [];
  const running = errorOf(noting(log)("db", () => sleepForever(), { signal: controller.signal }));
  await sleep(5);
  controller.abort("enough");
  expect([await running, log]).toEqual(["enough", ["open db", "close db"]]);
});

everywhere("the function is given a signal, to pass on where there is no ambient scope", async () => {
  await noting([])("db", async (_, { signal }) => {
    expect(signal.aborted).toBe(false);
    await checkpoint({ signal });
  });
});

everywhere(
  "misuse is a MisuseError: it yields never, or twice, or is no async generator function",
  async () => {
    const closed: string[] = [];
    const never = resource(async function* never() {});
    const twice = resource(async function* twice() {
      try {
        yield 1;
        yield 2;
      } finally {
        await checkpoint();
        closed.push("twice");
      }
    });
    const stubborn = resource(async function* () {
      try {
        yield 1;
      } catch {
        yield 2;
      }
    });
    const plain = resource((async () => 1) as never);
    const errors = await Promise.all([
      errorOf(never(() => 1)),
      errorOf(twice(() => 1)),
      errorOf(stubborn(() => Promise.reject(new Error("no")))),
      errorOf((plain as typeof never)(() => 1)),
    ]);
    expect(errors.map((error) => isError(error, "MisuseError"))).toEqual([true, true, true, true]);
    expect(String(errors[0])).toContain("the resource 'never': it must yield once, and never did");
    expect((errors[2] as Error).cause).toMatchObject({ message: "no" });
    expect(closed).toEqual(["twice"]);
    expect(thrownBy(() => resource(1 as never))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => void (never as unknown as () => void)())).toBeInstanceOf(TypeError);
  },
);
