import { currentTime, sleep, sleepForever } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { staggered } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

/** Notes when it begins, then does what `fn` does. */
const noting =
  <T>(log: number[], fn: () => Promise<T>) =>
  () => {
    log.push(currentTime());
    return fn();
  };

timed(
  "the next attempt starts after the delay; the first success wins; those not started never are",
  async () => {
    const log: number[] = [];
    const cleaned: string[] = [];
    const attempts = [slow(cleaned), after(15, "b"), slow(cleaned), slow(cleaned)];
    expect(
      await staggered(
        attempts.map((fn) => noting(log, fn)),
        { delay: 10 },
      ),
    ).toBe("b");
    expect([log, cleaned.length, currentTime()]).toEqual([[0, 10, 20], 2, 30]);
  },
);

timed("when one fails the next starts at once, and has the whole delay", async () => {
  const log: number[] = [];
  const attempts = [failing(3, new Error("a")), () => sleepForever(), after(1, "c")];
  expect(
    await staggered(
      attempts.map((fn) => noting(log, fn)),
      { delay: 10 },
    ),
  ).toBe("c");
  expect(log).toEqual([0, 3, 13]);
});

timed("any failure starts the next, not only the last attempt's", async () => {
  const log: number[] = [];
  const attempts = [failing(12, new Error("a")), () => sleepForever(), after(1, "c")];
  expect(
    await staggered(
      attempts.map((fn) => noting(log, fn)),
      { delay: 10 },
    ),
  ).toBe("c");
  expect(log).toEqual([0, 10, 12]);
});

timed("a success before the delay: nothing else is started, and nothing is waited for", async () => {
  const log: number[] = [];
  expect(
    await staggered(
      [after(3, "a"), after(1, "b")].map((fn) => noting(log, fn)),
      { delay: 10 },
    ),
  ).toBe("a");
  expect([log, currentTime()]).toEqual([[0], 3]);
});

timed("an infinite delay: one after another, each when the one before failed", async () => {
  const log: number[] = [];
  const attempts = [failing(5, new Error("a")), failing(5, new Error("b")), after(5, "c")];
  expect(
    await staggered(
      attempts.map((fn) => noting(log, fn)),
      { delay: Infinity },
    ),
  ).toBe("c");
  expect(log).toEqual([0, 5, 10]);
});

timed("T11: if all fail, all their errors come out in the order of the attempts", async () => {
  const [a, b] = [new Error("a"), new Error("b")];
  const error = await groupErrorOf(staggered([failing(20, a), failing(1, b)], { delay: 5 }));
  expect(error.errors).toEqual([a, b]);
});

timed("T11: a loser's clean-up error is kept", async () => {
  const cleanup = new Error("clean-up");
  const error = await groupErrorOf(staggered([stubborn(cleanup), after(1, 1)], { delay: 5 }));
  expect(error.errors).toEqual([cleanup]);
});

timed("T10: a timeout around it cancels the attempts, and starts no more", async () => {
  const cleaned: string[] = [];
  const log: number[] = [];
  const attempts = [slow(cleaned), slow(cleaned), slow(cleaned)].map((fn) => noting(log, fn));
  expect(await moveOnAfter(15, () => staggered(attempts, { delay: 10 }))).toBe(undefined);
  expect([log, cleaned.length, currentTime()]).toEqual([[0, 10], 2, 20]);
});

timed("C17: an abort of a foreign signal comes out as its reason", async () => {
  const controller = new AbortController();
  const running = errorOf(staggered([sleepForever, sleepForever], { delay: 10, signal: controller.signal }));
  await sleep(5);
  controller.abort("enough");
  expect(await running).toBe("enough");
});

everywhere("bad input: a RangeError for none and for NaN, a TypeError for no number", () => {
  expect(thrownBy(() => void staggered([], { delay: 1 }))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => void staggered([() => 1], { delay: NaN }))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => void staggered([() => 1], {} as never))).toBeInstanceOf(TypeError);
});

everywhere("an attempt that ends as the pause does gives its value", async () => {
  for (let round = 0; round < 20; round++)
    expect(await staggered([() => sleep(1).then(() => "first"), sleepForever], { delay: 1 })).toBe("first");
});
