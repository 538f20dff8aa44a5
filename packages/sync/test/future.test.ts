import { checkpoint, isCancelled, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { Future } from "@arborio/sync";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const failure = new Error("no");

everywhere("a value that is set is had, by who asked before and who asks after", async () => {
  const future = new Future<number>();
  const early = [future.result(), future.result()];
  expect(future.statistics()).toEqual({ status: "pending", tasksWaiting: 2 });
  future.set(7);
  expect([future.status, future.value, future.error]).toEqual(["finished", 7, undefined]);
  expect(await Promise.all([...early, future.result()])).toEqual([7, 7, 7]);
  expect(future.statistics()).toEqual({ status: "finished", tasksWaiting: 0 });
});

everywhere("wait waits for the outcome, and never throws for it", async () => {
  const future = new Future<number>();
  const waiting = future.wait();
  future.fail(failure);
  expect(await waiting).toBe(undefined);
  expect(await future.wait()).toBe(undefined);
  expect([future.status, future.error]).toEqual(["failed", failure]);
});

everywhere("a failure is thrown as the cause of a FutureFailed; nobody need look at it", async () => {
  const future = new Future<number>();
  const early = errorOf(future.result());
  future.fail(failure);
  for (const error of [await early, await errorOf(future.result()), thrownBy(() => future.value)]) {
    expect(error).toMatchObject({ code: "ERR_FUTURE_FAILED", cause: failure });
  }
  new Future().fail(failure);
});

everywhere(
  "a cancelled future throws FutureCancelled, whatever is asked of it; that is no cancellation",
  async () => {
    const future = new Future<number>();
    const early = errorOf(future.result());
    future.cancel();
    future.cancel();
    const errors = [
      await early,
      await errorOf(future.result()),
      thrownBy(() => future.value),
      thrownBy(() => future.error),
      thrownBy(() => future.set(1)),
      thrownBy(() => future.fail(failure)),
    ];
    for (const error of errors) expect(error).toHaveProperty("code", "ERR_FUTURE_CANCELLED");
    expect([errors.some(isCancelled), future.status]).toEqual([false, "cancelled"]);
    await future.wait();
  },
);

everywhere("setting it twice is FutureAlreadyFinished, and changes nothing", () => {
  const set = new Future<number>();
  set.set(1);
  const failed = new Future<number>();
  failed.fail(failure);
  for (const future of [set, failed]) {
    expect(thrownBy(() => future.set(2))).toHaveProperty("code", "ERR_FUTURE_ALREADY_FINISHED");
    expect(thrownBy(() => future.fail(2))).toHaveProperty("code", "ERR_FUTURE_ALREADY_FINISHED");
    future.cancel();
  }
  expect([set.value, set.status, failed.error, failed.status]).toEqual([1, "finished", failure, "failed"]);
});

everywhere("reading it early is FutureNotFinished", () => {
  const future = new Future<number>();
  for (const read of [() => future.value, () => future.error]) {
    expect(thrownBy(read)).toHaveProperty("code", "ERR_FUTURE_NOT_FINISHED");
  }
});

everywhere("T6: a cancelled waiter does not disturb the others, nor the future", async () => {
  const future = new Future<string>();
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    group.spawn(() => scope.run(() => future.result()));
    const other = group.spawn(() => future.result());
    await waitAllTasksBlocked();
    scope.cancel();
    expect(future.statistics()).toEqual({ status: "pending", tasksWaiting: 1 });
    future.set("value");
    expect(await other.result()).toBe("value");
  });
  expect(scope.cancelledCaught).toBe(true);
});

everywhere("C3: asking a finished one is a checkpoint", async () => {
  const future = new Future<number>();
  future.set(1);
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    expect(await errorOf(future.result())).toSatisfy(isCancelled);
    expect(await errorOf(future.wait())).toSatisfy(isCancelled);
  });
});

everywhere("a floating result that is cancelled is no unhandled rejection", async () => {
  const future = new Future<number>();
  await new CancelScope().run(async (scope) => {
    void future.result();
    scope.cancel();
    await checkpoint();
  });
  await waitAllTasksBlocked();
});

test("T6: it is no thenable; the deadlock report names it", async () => {
  const future = new Future<number>();
  expect("then" in future).toBe(false);
  expect(String(await errorOf(simulate(() => future.result())))).toContain("waits for the future");
});
