import { checkpoint, isCancelled, isError, sleep, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere("C1: cancelling a scope cancels the scopes within it, at any depth", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  await outer.run(() =>
    new CancelScope().run(() =>
      inner.run(async () => {
        outer.cancel();
        expect(await errorOf(checkpoint())).toSatisfy(isCancelled);
      }),
    ),
  );
  expect(inner.cancelCalled).toBe(false);
});

everywhere("C1: cancelling a scope leaves the one around it alone", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  await outer.run(async () => {
    await inner.run(async () => {
      inner.cancel();
      await checkpoint();
    });
    await checkpoint();
  });
  expect([outer.cancelCalled, inner.cancelledCaught]).toEqual([false, true]);
});

everywhere("C1: a cancellation reaches the tasks of groups within, and the groups of those tasks", async () => {
  const ended: string[] = [];
  const waits = async (name: string): Promise<void> => {
    try {
      await sleepForever();
    } finally {
      ended.push(name);
    }
  };
  const scope = new CancelScope();
  await scope.run(() =>
    taskGroup(async (group) => {
      group.spawn(() => taskGroup((inner) => void inner.spawn(() => waits("grandchild"))));
      group.spawn(() => waits("child"));
      await checkpoint();
      scope.cancel();
      await waits("body");
    }),
  );
  expect(ended.sort()).toEqual(["body", "child", "grandchild"]);
});

everywhere("C2: every checkpoint in a cancelled scope throws, again and again", async () => {
  const scope = new CancelScope();
  let thrown = 0;
  await scope.run(async () => {
    scope.cancel();
    for (const wait of [checkpoint, checkpoint, () => sleep(5), sleepForever, () => sleep(0)]) {
      if (isCancelled(await errorOf(wait()))) thrown++;
    }
  });
  expect(thrown).toBe(5);
});

everywhere("C2: once the scope is left the next checkpoint does not throw", async () => {
  await moveOnAfter(0, sleepForever);
  await checkpoint();
  await moveOnAfter(-1, sleepForever);
  await checkpoint();
});

everywhere("C2: a body that swallows every Cancelled still ends, and gives its value", async () => {
  const scope = new CancelScope();
  const value = await scope.run(async () => {
    scope.cancel();
    for (let tries = 0; tries < 10; tries++) await sleepForever().catch(() => undefined);
    return "went on";
  });
  expect([value, scope.cancelCalled, scope.cancelledCaught]).toEqual(["went on", true, false]);
});

everywhere("C8: a cancelled scope left without a checkpoint has cancelCalled, but not cancelledCaught", async () => {
  const scope = new CancelScope();
  expect(await scope.run(() => scope.cancel())).toBe(undefined);
  expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([true, false]);
});

everywhere("C9: cancel is idempotent, the first reason wins", async () => {
  const scope = new CancelScope();
  const error = await scope.run(async () => {
    scope.cancel("first");
    scope.cancel("second");
    return (await errorOf(checkpoint())) as Cancelled;
  });
  expect(error?.reason).toBe("first");
});

timed("C9: a deadline that passes after the cancellation changes nothing of its reason", async () => {
  const scope = new CancelScope();
  const late = await scope.run(async () => {
    scope.cancel("first");
    scope.deadline = 0;
    return (await errorOf(sleep(1))) as Cancelled;
  });
  expect([late?.source, late?.reason]).toEqual(["cancel", "first"]);
});

everywhere("C9: cancelled before entry, the first checkpoint inside throws", async () => {
  const scope = new CancelScope();
  const reached: string[] = [];
  scope.cancel();
  await scope.run(async () => {
    reached.push("entered");
    await checkpoint();
    reached.push("went on");
  });
  expect(reached).toEqual(["entered"]);
  expect(scope.cancelledCaught).toBe(true);
});

everywhere("C9: after exit cancel only changes cancelCalled", async () => {
  const scope = new CancelScope();
  await scope.run(checkpoint);
  const { signal } = scope;
  scope.cancel();
  expect([scope.cancelCalled, scope.cancelledCaught, signal.aborted]).toEqual([true, false, false]);
  await checkpoint();
});

everywhere("C10: Cancelled says its source, its reason, and the task that cancelled", async () => {
  const scope = new CancelScope();
  let seen: Cancelled | undefined;
  await taskGroup(async (group) => {
    group.spawn(() => scope.cancel("enough"), { name: "impatient" });
    await scope.run(async () => {
      seen = (await errorOf(sleepForever())) as Cancelled;
    });
  });
  expect([seen?.source, seen?.reason, seen?.by]).toEqual(["cancel", "enough", "impatient"]);
  expect(seen?.message).toMatch(/enough/);
  expect(seen?.message).toMatch(/impatient/);
});

everywhere("C10: the source of a passed deadline is deadline, without a reason", async () => {
  const seen = await moveOnAfter(0, async () => (await errorOf(checkpoint())) as Cancelled);
  expect([seen?.source, seen?.reason]).toEqual(["deadline", undefined]);
});

everywhere("C10: any reason will do, one that has no words too", async () => {
  const scope = new CancelScope();
  scope.cancel(Object.create(null));
  expect(await scope.run(checkpoint)).toBe(undefined);
});

everywhere("C16: a scope is used once: neither again, nor while it is active", async () => {
  const scope = new CancelScope();
  await scope.run(() => {
    expect(isError(thrownBy(() => scope.run(checkpoint)), "MisuseError")).toBe(true);
  });
  expect(isError(thrownBy(() => scope.run(checkpoint)), "MisuseError")).toBe(true);
});

timed("C16: scopes opened concurrently in one task are siblings and do not disturb each other", async () => {
  const ended: string[] = [];
  const within = (name: string, ms: number, work: number): Promise<string | undefined> =>
    moveOnAfter(ms, async () => {
      await sleep(work);
      ended.push(name);
      return name;
    });
  const values = await Promise.all([within("a", 100, 50), within("b", 20, 60), within("c", 70, 65), sleep(30)]);
  expect(values).toEqual(["a", undefined, "c", undefined]);
  expect(ended).toEqual(["a", "c"]);
});

everywhere("C16: cancelling one of concurrent scopes leaves the other its wait", async () => {
  const one = new CancelScope();
  const other = new CancelScope();
  await Promise.all([
    one.run(sleepForever),
    other.run(async () => {
      await checkpoint();
      one.cancel();
      await checkpoint();
    }),
  ]);
  expect([one.cancelledCaught, other.cancelCalled]).toEqual([true, false]);
});

everywhere("C21: run gives the function's value, also if the scope was cancelled when it had it", async () => {
  expect(await new CancelScope().run(() => "plain")).toBe("plain");
  expect(await new CancelScope().run(async () => "promised")).toBe("promised");
  const cancelled = await new CancelScope().run((scope) => {
    scope.cancel();
    return "in time";
  });
  expect(cancelled).toBe("in time");
});

everywhere("C21: run gives undefined if the scope's own cancellation cut the function", async () => {
  const value = await new CancelScope().run(async (scope) => {
    scope.cancel();
    await checkpoint();
    return "late";
  });
  expect(value).toBe(undefined);
});

everywhere("C21: what the function throws is thrown, before its first wait or after", async () => {
  const failure = new Error("no");
  const fails = (): never => {
    throw failure;
  };
  expect(await errorOf(new CancelScope().run(fails))).toBe(failure);
  expect(await errorOf(new CancelScope().run(() => checkpoint().then(fails)))).toBe(failure);
  expect(thrownBy(() => new CancelScope().run("work" as never))).toBeInstanceOf(TypeError);
});

timed("C21: a thenable that works only when asked works in the scope too", async () => {
  const lazy = { then: (resolve: (value: string) => void) => void sleep(100).then(() => resolve("late"), resolve) };
  expect(await moveOnAfter(10, () => lazy as unknown as Promise<string>)).toSatisfy(isCancelled);
});
