import { currentTime, sleepForever } from "@arborio/core";
import { first } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

timed("the first value that is not null or undefined wins; the others are waited for (T10)", async () => {
  const log: string[] = [];
  const value: string | undefined = await first([
    after(5, null),
    after(6, undefined),
    after(10, "found"),
    slow(log),
  ]);
  expect([value, log, currentTime()]).toEqual(["found", ["cleaned"], 15]);
});

everywhere("what is falsy, and not nullish, is a value", async () => {
  expect(await first([sleepForever, () => 0])).toBe(0);
});

everywhere("if all are nullish, or there are none, it is undefined", async () => {
  expect(await first([() => null, () => undefined])).toBe(undefined);
  expect(await first([])).toBe(undefined);
});

timed("an error stops the others, and comes out as it is (T11)", async () => {
  const [failure, cleanup] = [new Error("first"), new Error("clean-up")];
  const log: string[] = [];
  expect(await errorOf(first([failing(10, failure), slow(log), after(20, 1)]))).toBe(failure);
  expect(log).toEqual(["cleaned"]);
  const both = await groupErrorOf(first([failing(10, failure), stubborn(cleanup)]));
  expect([both.errors, both.cause]).toEqual([[failure, cleanup], failure]);
});
