import { currentTime, sleep, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { retry } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

/** A function that fails so many times, and notes when it was called. */
const flaky =
  (failures: number, log: number[] = []) =>
  (attempt: number) => {
    log.push(currentTime());
    if (attempt <= failures) throw new Error(`attempt ${String(attempt)}`);
    return attempt;
  };

timed("it tries again after pauses that grow, and gives the first value", async () => {
  const log: number[] = [];
  expect(await retry(flaky(3, log), { attempts: 5, delay: 10, jitter: 0 })).toBe(4);
  expect(log).toEqual([0, 10, 30, 70]);
});

timed("factor and maxDelay shape the pauses", async () => {
  const log: number[] = [];
  await retry(flaky(3, log), { attempts: 5, delay: 10, factor: 3, maxDelay: 40, jitter: 0 });
  expect(log).toEqual([0, 10, 40, 80]);
});

everywhere("the last error is thrown as it is; three attempts by default", async () => {
  const error = await errorOf(retry(flaky(Infinity), { delay: 0 }));
  expect(String(error)).toBe("Error: attempt 3");
});

timed("jitter takes off up to its part of each pause", async () => {
  for (const [jitter, least] of [
    [0.5, 50],
    [1, 0],
  ] as const) {
    const began = currentTime();
    await retry(flaky(1), { delay: 100, jitter });
    const pause = currentTime() - began;
    expect(pause >= least && pause < 100).toBe(true);
  }
});

test("F2: the same seed gives the same pauses, another others", async () => {
  const pauses = (seed: number): Promise<number[]> =>
    simulate(
      async () => {
        const log: number[] = [];
        await retry(flaky(3, log), { attempts: 4 });
        return log;
      },
      { seed },
    );
  expect(await pauses(1)).toEqual(await pauses(1));
  expect(await pauses(1)).not.toEqual(await pauses(2));
});

everywhere("when says whether to try again; it may wait", async () => {
  const seen: unknown[] = [];
  const when = async (error: unknown, attempt: number): Promise<boolean> => {
    seen.push(String(error), attempt);
    await sleep(0);
    return attempt < 2;
  };
  expect(String(await errorOf(retry(flaky(9), { attempts: 9, delay: 0, when })))).toBe("Error: attempt 2");
  expect(seen).toEqual(["Error: attempt 1", 1, "Error: attempt 2", 2]);
});

timed("a cancellation is never retried, neither in fn nor in a pause", async () => {
  let attempts = 0;
  await moveOnAfter(10, () =>
    retry(() => {
      attempts++;
      return sleepForever();
    }),
  );
  await moveOnAfter(10, () =>
    retry(
      () => {
        attempts++;
        throw new Error("no");
      },
      { delay: 1_000 },
    ),
  );
  expect([attempts, currentTime()]).toEqual([2, 20]);
});

timed("the failure of a clean-up, in a cancelled scope, is not retried and not lost", async () => {
  const cleanup = new Error("clean-up");
  let attempts = 0;
  const work = async (): Promise<void> => {
    attempts++;
    await sleepForever().catch(() => Promise.reject(cleanup));
  };
  expect(await errorOf(moveOnAfter(10, () => retry(work)))).toBe(cleanup);
  expect(attempts).toBe(1);
});

timed("C17: a foreign signal ends a pause and what fn waits for, with its reason", async () => {
  for (const fn of [
    () => sleepForever(),
    () => {
      throw new Error("no");
    },
  ]) {
    const controller = new AbortController();
    const running = errorOf(retry(fn, { delay: 1_000, signal: controller.signal }));
    await sleep(5);
    controller.abort("enough");
    expect(await running).toBe("enough");
  }
});

timed("C17: a signal of ours links to its scope", async () => {
  const scope = new CancelScope({ timeout: 5 });
  await scope.run(() => retry(() => sleepForever(), { signal: scope.signal }));
  expect(scope.cancelledCaught).toBe(true);
});

timed("a factor that overflows, and no delay, is no pause", async () => {
  expect(await retry(flaky(1_100), { attempts: Infinity, delay: 0, factor: 10, jitter: 0 })).toBe(1_101);
});

everywhere("bad options are errors at once", () => {
  for (const options of [
    { attempts: 0 },
    { delay: -1 },
    { delay: NaN },
    { factor: -1 },
    { jitter: 2 },
    { maxDelay: -1 },
  ]) {
    expect(thrownBy(() => void retry(() => 1, options))).toBeInstanceOf(RangeError);
  }
  expect(thrownBy(() => void retry(() => 1, { delay: "1" as never }))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => void retry(Promise.resolve() as never))).toBeInstanceOf(TypeError);
});
