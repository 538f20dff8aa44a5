// What the tests of AnyIO, trio and curio pin down of timeouts that no other test here does; see docs/behaviours.md.
import {
  checkpoint,
  currentTime,
  isCancelled,
  isTimeout,
  sleep,
  sleepForever,
  type Cancelled,
} from "@arborio/core";
import {
  CancelScope,
  currentEffectiveDeadline,
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  shield,
} from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

type Block = (limit: number | null, fn: (scope: CancelScope) => Promise<unknown>) => Promise<unknown>;
const relative: readonly Block[] = [failAfter, moveOnAfter];
const absolute: readonly Block[] = [failAt, moveOnAt];

everywhere(
  "C13: a deadline that cut the block set both flags, and the Cancelled in it names it",
  async () => {
    for (const ms of [0, 1]) {
      for (const block of relative) {
        let scope: CancelScope | undefined;
        let seen: unknown;
        const work = async (own: CancelScope): Promise<void> => {
          scope = own;
          seen = await sleepForever().catch((error: unknown) => error);
          await checkpoint();
        };
        const failed = await block(ms, work).catch((error: unknown) => error);
        expect(isTimeout(failed)).toBe(block === failAfter);
        expect([scope?.cancelCalled, scope?.cancelledCaught]).toEqual([true, true]);
        expect((seen as Cancelled).message).toContain("deadline");
      }
    }
  },
);

timed("C11: null: no deadline of its own, nothing cancelled; an outer one still holds", async () => {
  for (const block of [...relative, ...absolute]) {
    let scope: CancelScope | undefined;
    const value = await block(null, async (own) => {
      scope = own;
      expect(own.deadline).toBe(Infinity);
      await sleep(1e6);
      return "value";
    });
    expect([value, scope?.cancelCalled]).toEqual(["value", false]);
    const began = currentTime();
    expect(await moveOnAfter(10, () => block(null, sleepForever))).toBe(undefined);
    expect(currentTime()).toBe(began + 10);
  }
});

everywhere("C13: failAfter works after an earlier cancellation in the same task", async () => {
  await new CancelScope().run((scope) => (scope.cancel(), checkpoint()));
  expect(await failAfter(1e6, () => checkpoint().then(() => "in time"))).toBe("in time");
  expect(isTimeout(await errorOf(failAfter(0, sleepForever)))).toBe(true);
  expect(await failAfter(1e6, () => checkpoint().then(() => "again"))).toBe("again");
});

timed("C14: of nested timeouts the outer, shorter one cuts, and is the effective deadline", async () => {
  const [outer, inner] = [new CancelScope({ timeout: 100 }), new CancelScope({ timeout: 1_000 })];
  await outer.run(() =>
    inner.run(async () => {
      expect(currentEffectiveDeadline()).toBe(100);
      await sleepForever();
    }),
  );
  expect([outer.cancelCalled, outer.cancelledCaught]).toEqual([true, true]);
  expect([inner.cancelCalled, inner.cancelledCaught]).toEqual([false, false]);
});

timed(
  "C13: the outer expires inside the inner: there it is a Cancelled, a TimeoutError outside",
  async () => {
    let inside: unknown;
    const outside = await errorOf(
      failAfter(10, () =>
        failAfter(20, sleepForever).catch((error: unknown) => {
          inside = error;
          throw error;
        }),
      ),
    );
    expect([isCancelled(inside), isTimeout(inside)]).toEqual([true, false]);
    expect([isCancelled(outside), isTimeout(outside), currentTime()]).toEqual([false, true, 10]);
  },
);

timed("C13: an inner TimeoutError goes through the outer block as any error, the very object", async () => {
  let inner: unknown;
  let scope: CancelScope | undefined;
  const outer = await errorOf(
    failAfter(20, async (own) => {
      scope = own;
      inner = await errorOf(failAfter(10, sleepForever, { reason: "inner" }));
      throw inner;
    }),
  );
  expect(outer).toBe(inner);
  expect([currentTime(), scope?.cancelCalled]).toEqual([10, false]);
});

timed("C13: a timeout that is due in the clean-up of a cancelled task is no second error", async () => {
  await taskGroup(async (group) => {
    const task = group.spawn(() =>
      failAfter(10, () => sleepForever().finally(() => shield(() => sleep(50)))),
    );
    await sleep(5);
    task.cancel();
    await task.wait();
    expect([task.status, currentTime()]).toEqual(["cancelled", 55]);
  });
});

timed("C11: deadline and timeout together: the earlier of the two holds", async () => {
  for (const [deadline, timeout] of [
    [20, 100],
    [100, 20],
  ] as const) {
    const began = currentTime();
    await new CancelScope({ deadline: began + deadline, timeout }).run(sleepForever);
    expect(currentTime()).toBe(began + 20);
  }
});

timed(
  "C11: a timeout counts from entry, not from when the scope was made; then it is the deadline",
  async () => {
    const scope = new CancelScope({ timeout: 50 });
    expect(scope.deadline).toBe(Infinity);
    await sleep(30);
    await scope.run(() => {
      expect(scope.deadline).toBe(80);
      return sleepForever();
    });
    expect(currentTime()).toBe(80);
  },
);

everywhere("C10: a deadline set into the past: source deadline, without a reason", async () => {
  const seen = await new CancelScope().run(async (scope) => {
    scope.deadline = currentTime() - 1;
    return (await errorOf(checkpoint())) as Cancelled;
  });
  expect([seen?.source, seen?.reason, seen?.by]).toEqual(["deadline", undefined, undefined]);
});
