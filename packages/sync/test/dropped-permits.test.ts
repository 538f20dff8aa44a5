import { run } from "@arborio/core";
import { startDebug, type DebugReport } from "@arborio/core/debug";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { CapacityLimiter, Condition, Lock, type Governor } from "@arborio/sync";
import { describe, expect, test } from "vitest";
import { collect } from "../../testing/test/garbage.ts";

/** The first lines of what debug mode says while `fn` runs and its garbage is collected. */
async function said(fn: () => unknown, wanted = 0): Promise<string[]> {
  const reports: DebugReport[] = [];
  const stop = startDebug({ held: 10_000, report: (report) => void reports.push(report) });
  try {
    await fn();
    for (let left = wanted === 0 ? 5 : 200; left > 0 && (wanted === 0 || reports.length < wanted); left--) {
      collect?.();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  } finally {
    stop();
  }
  return reports.map(({ message }) => message.split("\n").slice(0, 2).join("\n"));
}

/** A task that takes a permit and forgets it. */
function careless(governor: Governor): Promise<unknown> {
  return run(() =>
    taskGroup((group) => void group.spawn(async () => void (await governor.acquire()), { name: "careless" })),
  );
}

describe.skipIf(collect === undefined)("with a garbage collector that can be asked", () => {
  test("S2: a permit that is dropped unreleased is named, with its task and where it was asked for", async () => {
    const [message] = await said(() => careless(new Lock()), 1);
    expect(message).toMatch(
      /^a permit of the lock, opened in task 'careless', was dropped unclosed\n {4}opened at /,
    );
    expect(message).toContain("dropped-permits.test.ts");
  });

  test("S2: so is one that had to be waited for: by the task that asked, not the one that released", async () => {
    const limiter = new CapacityLimiter(1);
    const held = limiter.tryAcquire();
    const messages = await said(async () => {
      const waiting = careless(limiter);
      await new Promise((resolve) => setTimeout(resolve, 5));
      held?.release();
      await waiting;
    }, 1);
    expect(messages[0]).toContain("a token of the limiter, opened in task 'careless', was dropped unclosed");
  });

  test("S2: so is one that was held through a condition's wait, which takes the lock again", async () => {
    const condition = new Condition();
    const [message] = await said(
      () =>
        run(() =>
          taskGroup(async (group) => {
            await group.start<void>(async (task) => {
              const permit = await condition.lock.acquire();
              task.started();
              await condition.wait(permit);
            });
            await condition.with(() => condition.notify());
          }),
        ),
      1,
    );
    expect(message).toContain("a permit of the lock, opened in task '");
    expect(message).toContain("was dropped unclosed");
  });

  test("one that is released, one whose wait is cancelled, and one held through a condition's wait, are not", async () => {
    const condition = new Condition();
    const messages = await said(() =>
      run(async () => {
        (await condition.lock.acquire()).release();
        await condition.with(() =>
          new CancelScope().run((scope) => {
            const waiting = condition.lock.acquire();
            scope.cancel();
            return waiting;
          }),
        );
        await taskGroup(async (group) => {
          await group.start<void>((task) =>
            condition.with((permit) => {
              task.started();
              return condition.wait(permit);
            }),
          );
          await condition.with(() => condition.notify());
        });
        await new CancelScope().run((scope) => {
          scope.cancel();
          return condition.lock.acquire();
        });
      }),
    );
    expect(messages).toEqual([]);
    expect(condition.lock.locked).toBe(false);
  });

  test("F3: a permit that is held keeps nothing of the scope in which it was waited for", async () => {
    const lock = new Lock();
    const permits = [lock.tryAcquire()];
    const waitIn = async (scope: CancelScope): Promise<WeakRef<CancelScope>> => {
      const waiting = scope.run(() => lock.acquire());
      permits[0]?.release();
      permits[0] = await waiting;
      return new WeakRef(scope);
    };
    const scope = await waitIn(new CancelScope());
    for (let left = 200; left > 0 && scope.deref() !== undefined; left--) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      collect?.();
    }
    expect(scope.deref()).toBe(undefined);
    permits[0]?.release();
    expect(lock.locked).toBe(false);
  });
});
