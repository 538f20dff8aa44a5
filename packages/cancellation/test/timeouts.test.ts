import { checkpoint, currentTime, isCancelled, isError, isTimeout, sleep, sleepForever } from "@arborio/core";
import { CancelScope, failAfter, failAt, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

everywhere("C13: failAfter throws TimeoutError if its deadline cut the block", async () => {
  const error = await errorOf(failAfter(0, sleepForever));
  expect(isError(error, "TimeoutError")).toBe(true);
  expect([isTimeout(error), isCancelled(error)]).toEqual([true, false]);
});

timed("C13: after exactly its time", async () => {
  const error = await errorOf(failAfter(50, sleepForever));
  expect([isTimeout(error), currentTime()]).toEqual([true, 50]);
  expect(isTimeout(await errorOf(failAt(80, sleepForever)))).toBe(true);
  expect(currentTime()).toBe(80);
});

everywhere(
  "C13: it gives the function's value if that was in time, though no checkpoint saw the deadline pass",
  async () => {
    expect(await failAfter(1e6, () => 1)).toBe(1);
    expect(await failAfter(0, () => 2)).toBe(2);
    expect(await failAfter(null, () => checkpoint().then(() => 3))).toBe(3);
    expect(await failAt(undefined, () => 4)).toBe(4);
  },
);

everywhere("C13: an explicit cancel() does not throw TimeoutError", async () => {
  const value = await failAfter(1e6, async (scope) => {
    scope.cancel();
    await checkpoint();
    return "went on";
  });
  expect(value).toBe(undefined);
});

timed("C13: neither if the deadline passes afterwards: the first cause decides", async () => {
  const value = await failAfter(10, async (scope) => {
    scope.cancel();
    await shield(() => sleep(50));
    await checkpoint();
    return "went on";
  });
  expect(value).toBe(undefined);
});

timed("C13: only if its own scope caught it: an outer cancellation goes on as such", async () => {
  const outer = await moveOnAfter(10, () => failAfter(20, sleepForever));
  expect(outer).toBe(undefined);
  const both = await moveOnAfter(10, (scope) =>
    failAfter(10, async () => {
      scope.cancel();
      await checkpoint();
    }),
  );
  expect(both).toBe(undefined);
});

timed("C13: of two that expire at once the outer throws", async () => {
  const error = await errorOf(
    failAfter(10, () => failAfter(10, sleepForever, { reason: "inner" }), { reason: "outer" }),
  );
  expect((error as Error).message).toBe("outer");
});

everywhere("C13: the block's own error wins over the deadline", async () => {
  const failure = new Error("no");
  const error = await errorOf(
    failAfter(0, async () => {
      await checkpoint().catch(() => undefined);
      throw failure;
    }),
  );
  expect(error).toBe(failure);
});

timed("C13: it throws though a group inside was cancelled with it", async () => {
  const error = await errorOf(failAfter(10, () => taskGroup((group) => void group.spawn(sleepForever))));
  expect(isTimeout(error)).toBe(true);
});

everywhere("C13: the message is the reason given", async () => {
  expect(await errorOf(failAfter(0, checkpoint, { reason: "too slow" }))).toMatchObject({
    message: "too slow",
  });
  expect(await errorOf(failAt(-1, checkpoint, { reason: "too late" }))).toMatchObject({
    message: "too late",
  });
  expect((await errorOf(failAfter(0, checkpoint))) as Error).toHaveProperty(
    "message",
    expect.stringMatching(/^Cannot /),
  );
});

timed("C13: with a shield only its own deadline cuts it", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    expect(isTimeout(await errorOf(failAfter(20, sleepForever, { shield: true })))).toBe(true);
    expect(currentTime()).toBe(20);
  });
});

timed("C11: the task is usable after a timeout", async () => {
  for (const ms of [10, 20, 30]) await moveOnAfter(ms, sleepForever);
  expect(await moveOnAfter(10, () => sleep(5).then(() => "fine"))).toBe("fine");
  expect(currentTime()).toBe(65);
});

timed("C11: who leaves in time is not cancelled later", async () => {
  const scope = new CancelScope({ deadline: 20 });
  await scope.run(() => sleep(10));
  await sleep(100);
  expect(scope.cancelCalled).toBe(false);
});
