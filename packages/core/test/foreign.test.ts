import { checkpoint, isCancelled, sleep } from "@arborio/core";
import { awaitPromise, perform, performShielded } from "@arborio/core/lowlevel";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf } from "../../testing/test/outcome.ts";

const failure = new Error("no");

/** Runs a wait in a scope and cancels that while it waits. */
function cut(wait: () => Promise<unknown>): Promise<unknown> {
  return new CancelScope().run((scope) => {
    const waiting = wait();
    scope.cancel();
    return waiting;
  });
}

/** Runs a wait in a cancelled scope; gives what it throws. */
const inCancelled = (wait: () => Promise<unknown>): Promise<unknown> =>
  new CancelScope().run((scope) => {
    scope.cancel();
    return errorOf(wait());
  });

everywhere(
  "perform gives what the operation gives, and throws what it throws, before it returns or after",
  async () => {
    expect(await perform(() => Promise.resolve(7))).toBe(7);
    expect(await errorOf(perform(() => Promise.reject(failure)))).toBe(failure);
    const throws = (): never => {
      throw failure;
    };
    expect(await errorOf(perform(throws))).toBe(failure);
    expect(await errorOf(performShielded(throws))).toBe(failure);
  },
);

everywhere("perform: in a cancelled scope it is not started", async () => {
  let started = 0;
  const start = async (): Promise<void> => void started++;
  expect(await inCancelled(() => perform(start))).toSatisfy(isCancelled);
  expect(await inCancelled(() => performShielded(start))).toSatisfy(isCancelled);
  expect(await errorOf(perform(start, { signal: AbortSignal.abort(failure) }))).toBe(failure);
  expect(await errorOf(performShielded(start, { signal: AbortSignal.abort(failure) }))).toBe(failure);
  expect(started).toBe(0);
});

everywhere("perform: cancelled later its signal is aborted, and the wait ends", async () => {
  let signal: AbortSignal | undefined;
  const never = new Promise<never>(() => undefined);
  await cut(() => perform((given) => ((signal = given), never)));
  expect(signal?.aborted).toBe(true);
  await perform((given) => ((signal = given), Promise.resolve()));
  expect(signal?.aborted).toBe(false);
});

everywhere("perform: a foreign signal aborts the operation too", async () => {
  const controller = new AbortController();
  let aborted = false;
  const start = (signal: AbortSignal): Promise<never> => {
    signal.addEventListener("abort", () => (aborted = true));
    return new Promise<never>(() => undefined);
  };
  const wait = errorOf(perform(start, { signal: controller.signal }));
  await checkpoint();
  controller.abort(failure);
  expect([await wait, aborted]).toEqual([failure, true]);
});

everywhere("perform: what it opened all the same goes to discard, and nothing else does", async () => {
  const late = makeGate<string>();
  const discarded: string[] = [];
  const discard = (value: string): void => void discarded.push(value);
  await cut(() => perform(() => late.promise, { discard }));
  expect(await perform(() => Promise.resolve("in time"), { discard })).toBe("in time");
  late.resolve("late");
  await late.promise;
  await checkpoint();
  expect(discarded).toEqual(["late"]);
});

everywhere("perform: the rejection that its abort causes is handled", async () => {
  const abortable = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  await cut(() => perform(abortable));
  await checkpoint();
});

everywhere("perform: an operation that aborts its own scope as it starts is aborted", async () => {
  let aborted = false;
  await new CancelScope().run((scope) =>
    perform((signal) => {
      signal.addEventListener("abort", () => (aborted = true));
      scope.cancel();
      return new Promise<never>(() => undefined);
    }),
  );
  expect(aborted).toBe(true);
});

everywhere(
  "awaitPromise: in a cancelled scope it throws; a late value goes to discard, a late rejection is handled",
  async () => {
    const discarded: string[] = [];
    const discard = (value: string): void => void discarded.push(value);
    await inCancelled(() => awaitPromise(Promise.resolve("late"), { discard }));
    await inCancelled(() => awaitPromise(Promise.reject<string>(failure), { discard }));
    await cut(() => awaitPromise(Promise.resolve("later"), { discard }));
    await checkpoint();
    expect(discarded).toEqual(["late", "later"]);
  },
);

everywhere(
  "performShielded waits to the end whatever happens; the cancellation is seen at the next checkpoint",
  async () => {
    const log: string[] = [];
    const gate = makeGate<string>();
    await new CancelScope().run(async (scope) => {
      const wait = performShielded(() => gate.promise);
      scope.cancel();
      gate.resolve("done");
      log.push(await wait);
      await checkpoint();
      log.push("never");
    });
    expect(log).toEqual(["done"]);
  },
);

everywhere("performShielded: an abort of its signal later does not end it", async () => {
  const controller = new AbortController();
  const gate = makeGate<string>();
  const wait = performShielded(() => gate.promise, { signal: controller.signal });
  controller.abort(failure);
  gate.resolve("done");
  expect(await wait).toBe("done");
});

timed(
  "while an operation is under way virtual time stands still; once nobody waits for it, it moves",
  async () => {
    const soon = (): Promise<string> => new Promise((resolve) => setTimeout(resolve, 10, "answered"));
    expect(await moveOnAfter(5, () => perform(soon))).toBe("answered");
    const never = (): Promise<never> => new Promise<never>(() => undefined);
    await cut(() => perform(never));
    await cut(() => awaitPromise(never()));
    await sleep(1e9);
  },
);
