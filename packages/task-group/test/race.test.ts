import { currentTime, isError, sleepForever } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { race } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

timed("the first to end wins with its value; the losers are cancelled and waited for (T10)", async () => {
  const log: string[] = [];
  expect(await race([slow(log), after(10, "won"), slow(log)])).toBe("won");
  expect([log.length, currentTime()]).toEqual([2, 15]);
});

everywhere("a value that is there at once wins, and undefined is one", async () => {
  expect(await race([() => undefined, sleepForever])).toBe(undefined);
});

timed("T11: race throws the winner's own error", async () => {
  const failure = new Error("lost");
  const log: string[] = [];
  expect(await errorOf(race([failing(10, failure), slow(log), after(20, 1)]))).toBe(failure);
  expect(log).toEqual(["cleaned"]);
});

timed("T11: an error group that the winner threw is not unwrapped", async () => {
  const failure = new AggregateError([new Error("a")]);
  expect(await errorOf(race([failing(10, failure), sleepForever]))).toBe(failure);
});

timed(
  "T11: a loser's clean-up error is kept; the winner's, if it failed, is first and the cause",
  async () => {
    const [failure, cleanup] = [new Error("first"), new Error("clean-up")];
    const both = await groupErrorOf(race([stubborn(cleanup), failing(10, failure)]));
    expect([both.errors, both.cause]).toEqual([[failure, cleanup], failure]);
    const won = await groupErrorOf(race([stubborn(cleanup), after(10, 1)]));
    expect([won.errors, won.cause]).toEqual([[cleanup], cleanup]);
  },
);

timed("a timeout around race cancels all", async () => {
  const log: string[] = [];
  expect(await moveOnAfter(10, () => race([slow(log), slow(log)]))).toBe(undefined);
  expect(log.length).toBe(2);
});

timed(
  "a timeout that comes while the losers clean up takes the value: the outer scope absorbs (C6)",
  async () => {
    expect(await moveOnAfter(12, () => race([slow([]), after(10, "won")]))).toBe(undefined);
  },
);

everywhere("one that cancels itself has failed with TaskCancelled", async () => {
  const error = await errorOf(
    race([
      (task) => {
        task.cancel();
        return sleepForever();
      },
      sleepForever,
    ]),
  );
  expect(isError(error, "TaskCancelled")).toBe(true);
});

everywhere("race of none is a RangeError at once", () => {
  expect(thrownBy(() => void race([]))).toBeInstanceOf(RangeError);
});
