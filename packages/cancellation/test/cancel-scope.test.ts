import { checkpoint, isCancelled, sleep, sleepForever, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

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

everywhere(
  "C1: a cancellation reaches the tasks of groups within, and the groups of those tasks",
  async () => {
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
  },
);

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

everywhere(
  "C8: a cancelled scope left without a checkpoint has cancelCalled, but not cancelledCaught",
  async () => {
    const scope = new CancelScope();
    expect(await scope.run(() => scope.cancel())).toBe(undefined);
    expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([true, false]);
  },
);

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
