import { checkpoint, currentTask, isCancelled, sleepForever } from "@arborio/core";
import { park, suspend, WaitQueue, type Waiter } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { inRoot } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { unobserved } from "../../testing/test/unobserved.ts";

/** A wait that is not yet over, and its waiter. */
function waiting<T>(undo?: () => void): [Waiter<T>, Promise<T>] {
  let placed: Waiter<T> | undefined;
  const promise = suspend<T>((waiter) => {
    placed = waiter;
    return undo;
  });
  return [placed as Waiter<T>, promise];
}

const takingBackBadly = (): never => {
  throw new Error("taken back badly");
};

everywhere("C5: a value handed over before the cancellation is delivered", async () => {
  const log: unknown[] = [];
  const scope = new CancelScope();
  await scope.run(async () => {
    const [waiter, promise] = waiting<string>();
    expect(waiter.resume("item")).toBe(true);
    scope.cancel();
    log.push(await promise);
    await checkpoint();
    log.push("never");
  });
  expect(log).toEqual(["item"]);
});

everywhere("C5: an error given before the cancellation is delivered", async () => {
  const failure = new Error("no");
  await new CancelScope().run(async (scope) => {
    const [waiter, promise] = waiting();
    const error = errorOf(promise);
    waiter.fail(failure);
    scope.cancel();
    expect(await error).toBe(failure);
  });
});

everywhere("C5: nothing is lost with a cancelled waiter: resume says that it came too late", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    const [waiter, promise] = waiting<string>();
    scope.cancel();
    expect([waiter.settled, waiter.resume("item"), waiter.fail(new Error("no"))]).toEqual([
      true,
      false,
      false,
    ]);
    await promise;
  });
});

everywhere("a wait is settled once, by the first", async () => {
  const [waiter, promise] = waiting<number>();
  expect([waiter.resume(1), waiter.resume(2), waiter.fail(new Error("no"))]).toEqual([true, false, false]);
  expect(await promise).toBe(1);
});

everywhere("what arms may resume at once", async () => {
  expect(await suspend<number>((waiter) => void waiter.resume(7))).toBe(7);
  expect(await errorOf(suspend((waiter) => void waiter.fail("no")))).toBe("no");
});

everywhere("what throws while it arms rejects the wait, and leaves nothing waiting", async () => {
  const queue = new WaitQueue<void>();
  const wait = suspend<void>((waiter) => {
    queue.add(waiter);
    throw new Error("no");
  });
  expect([await errorOf(wait), queue.size]).toEqual([new Error("no"), 0]);
});

test("a take-back that throws is reported as a rejection that nobody handled, and the others are woken", async () => {
  const woken: string[] = [];
  const body = inRoot(() =>
    new CancelScope().run((scope) => {
      const waits = [waiting(takingBackBadly)[1], sleepForever()].map((wait, index) =>
        wait.catch(() => woken.push(String(index))),
      );
      scope.cancel();
      return Promise.all(waits);
    }),
  );
  const error = await unobserved(() => errorOf(body()));
  expect([woken, (error as Error).message]).toEqual([
    ["0", "1"],
    expect.stringMatching(/not handled: Error: taken back badly/),
  ]);
});

everywhere("C2: in a cancelled scope arm is not called", async () => {
  let armed = false;
  await new CancelScope().run((scope) => {
    scope.cancel();
    return suspend(() => void (armed = true));
  });
  expect(armed).toBe(false);
});

everywhere("the take-back is called if a cancellation ends the wait, and else not", async () => {
  const undone: string[] = [];
  const [resumed, first] = waiting<void>(() => undone.push("resumed"));
  resumed.resume();
  await first;
  const [failed, second] = waiting<void>(() => undone.push("failed"));
  failed.fail("no");
  await errorOf(second);
  const scope = new CancelScope();
  await scope.run(() => {
    const [, third] = waiting<void>(() => undone.push("cancelled"));
    scope.cancel();
    return third;
  });
  expect(undone).toEqual(["cancelled"]);
});

everywhere("a cancelled waiter has left its queue when its take-back is called", async () => {
  const queue = new WaitQueue<void>();
  const seen: number[] = [];
  await new CancelScope().run((scope) => {
    const wait = suspend<void>((waiter) => {
      queue.add(waiter);
      return () => void seen.push(queue.size, Number(waiter.settled));
    });
    scope.cancel();
    return wait;
  });
  expect(seen).toEqual([0, 1]);
});

everywhere("shielded: no cancellation ends it, before or after", async () => {
  const scope = new CancelScope();
  const value = await scope.run(async () => {
    scope.cancel();
    const gate: Waiter<string>[] = [];
    const wait = suspend<string>((waiter) => void gate.push(waiter), { shielded: true });
    await checkpoint().catch(() => undefined);
    gate[0]?.resume("through");
    return wait;
  });
  expect(value).toBe("through");
});

everywhere("the waiter knows its task, and the task what it waits for", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() =>
      Promise.race([park({ waitingFor: "a bus" }), park({ waitingFor: "a train" })]),
    );
    await checkpoint();
    await checkpoint();
    const [info] = currentTask()?.children ?? [];
    expect(info?.waitingFor).toEqual(["a bus", "a train"]);
    task.cancel();
    const [waiter, promise] = waiting<void>();
    expect(waiter.task?.name).toBe(currentTask()?.name);
    waiter.resume();
    await promise;
  });
});

everywhere("C17: a signal that aborts while the wait is armed ends it", async () => {
  const controller = new AbortController();
  let undone = 0;
  const wait = suspend(
    () => {
      controller.abort("stop");
      return () => void undone++;
    },
    { signal: controller.signal },
  );
  expect([await errorOf(wait), undone]).toEqual(["stop", 1]);
});

everywhere("C10: all that one cancellation wakes get the same Cancelled", async () => {
  await new CancelScope().run(async (scope) => {
    const waits = [sleepForever(), park(), suspend(() => undefined)].map((wait) => errorOf(wait));
    scope.cancel();
    const errors = await Promise.all(waits);
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).toSatisfy(isCancelled);
  });
});
