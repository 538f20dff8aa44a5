import { currentTime, isError } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { allSettled } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

timed(
  "allSettled says of each how it ended, in the functions' order; a failure leaves the others alone",
  async () => {
    const failure = new Error("no");
    const [a, b] = await allSettled([after(20, "late"), failing(10, failure)]);
    expect([a, b]).toEqual([
      { status: "fulfilled", value: "late" },
      { status: "rejected", reason: failure },
    ]);
    if (a.status === "fulfilled") expect(a.value.length).toBe(4);
  },
);

everywhere("allSettled of none is a list of none", async () => {
  expect(await allSettled([])).toEqual([]);
});

everywhere("one that cancels itself is rejected with TaskCancelled", async () => {
  const [one] = await allSettled([
    (task) => {
      task.cancel("enough");
      return after(1, 1)();
    },
  ]);
  expect(one.status === "rejected" && isError(one.reason, "TaskCancelled")).toBe(true);
});

timed("a cancellation from outside passes on, after clean-up (T10)", async () => {
  const log: string[] = [];
  expect(await moveOnAfter(10, () => allSettled([slow(log), after(1, 1)]))).toBe(undefined);
  expect([log, currentTime()]).toEqual([["cleaned"], 15]);
});

timed("T11: what fails while being cancelled from outside is kept", async () => {
  const cleanup = new Error("clean-up");
  const scope = new CancelScope({ timeout: 10 });
  const error = await groupErrorOf(
    scope.run(() => allSettled([stubborn(cleanup), failing(1, new Error("before"))])),
  );
  expect(error.errors).toEqual([cleanup]);
});
