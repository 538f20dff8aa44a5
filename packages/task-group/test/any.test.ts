import { currentTime, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { any } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { thrownBy } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

timed(
  "the first success wins; failures before it are passed over; the others are waited for (T10)",
  async () => {
    const log: string[] = [];
    expect(await any([failing(5, new Error("no")), slow(log), after(10, "won")])).toBe("won");
    expect([log, currentTime()]).toEqual([["cleaned"], 15]);
  },
);

timed("T11: if all fail, all their errors come out in the functions' order", async () => {
  const [a, b] = [new Error("a"), new Error("b")];
  const error = await groupErrorOf(any([failing(20, a), failing(10, b)]));
  expect(error.errors).toEqual([a, b]);
  expect(error.message).toContain("a; b");
});

timed("T11: a loser's clean-up error is kept, what failed before the winner is not", async () => {
  const cleanup = new Error("clean-up");
  const error = await groupErrorOf(any([failing(5, new Error("before")), stubborn(cleanup), after(10, 1)]));
  expect(error.errors).toEqual([cleanup]);
});

timed("a cancellation from outside passes on, with what fails by it", async () => {
  const cleanup = new Error("clean-up");
  expect(await moveOnAfter(10, () => any([sleepForever, failing(5, new Error("before"))]))).toBe(undefined);
  const scope = new CancelScope({ timeout: 10 });
  expect((await groupErrorOf(scope.run(() => any([stubborn(cleanup)])))).errors).toEqual([cleanup]);
});

everywhere("any of none is a RangeError at once", () => {
  expect(thrownBy(() => void any([]))).toBeInstanceOf(RangeError);
});
