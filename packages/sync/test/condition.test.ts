import { cancelShieldedCheckpoint, checkpoint, isCancelled, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { Condition, Lock, type Permit } from "@arborio/sync";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere("S3: notifyAll wakes all who wait; each has the lock when it goes on", async () => {
  const condition = new Condition();
  let inside = 0;
  await taskGroup(async (group) => {
    for (let count = 0; count < 3; count++) {
      group.spawn(() =>
        condition.with(async (permit) => {
          await condition.wait(permit);
          expect([++inside, condition.lock.locked]).toEqual([1, true]);
          await cancelShieldedCheckpoint();
          inside--;
        }),
      );
    }
    await waitAllTasksBlocked();
    expect(condition.statistics()).toEqual({ tasksWaiting: 3, lock: { locked: false, tasksWaiting: 0 } });
    await condition.with(() => condition.notifyAll());
  });
  expect(condition.statistics()).toEqual({ tasksWaiting: 0, lock: { locked: false, tasksWaiting: 0 } });
});

everywhere("notify wakes so many, the first first", async () => {
  const condition = new Condition();
  const woken: number[] = [];
  await taskGroup(async (group) => {
    for (let index = 0; index < 4; index++) {
      group.spawn(() => condition.with((permit) => condition.wait(permit)).then(() => woken.push(index)));
      await waitAllTasksBlocked();
    }
    await condition.with(() => condition.notify());
    await waitAllTasksBlocked();
    expect(woken).toEqual([0]);
    await condition.with(() => condition.notify(2));
    await waitAllTasksBlocked();
    expect([woken.slice().sort(), condition.statistics().tasksWaiting]).toEqual([[0, 1, 2], 1]);
    await condition.with(() => condition.notify(0));
    await condition.with(() => condition.notify(100));
  });
  expect(woken[3]).toBe(3);
});

everywhere(
  "waitFor waits until the predicate holds, looks each time with the lock, and gives its value",
  async () => {
    const condition = new Condition();
    const items: string[] = [];
    let looked = 0;
    await taskGroup(async (group) => {
      const taken = group.spawn(() =>
        condition.with((permit) =>
          condition.waitFor(permit, () => {
            looked++;
            expect(condition.lock.locked).toBe(true);
            return items.length > 1 && items.join();
          }),
        ),
      );
      for (const item of ["a", "b"]) {
        await waitAllTasksBlocked();
        await condition.with(() => {
          items.push(item);
          condition.notifyAll();
        });
      }
      expect(await taken.result()).toBe("a,b");
    });
    expect(looked).toBe(3);
    expect(await condition.with((permit) => condition.waitFor(permit, () => 1))).toBe(1);
  },
);

everywhere(
  "S3: a cancelled wait has the lock again before it throws, also if that must be waited for",
  async () => {
    const condition = new Condition();
    const scope = new CancelScope();
    const log: string[] = [];
    await taskGroup(async (group) => {
      group.spawn(() =>
        scope.run(() =>
          condition.with(async (permit) => {
            const error = await errorOf(condition.wait(permit));
            log.push(isCancelled(error) ? "cancelled" : String(error));
            expect(condition.lock.tryAcquire()).toBe(undefined);
            await checkpoint();
          }),
        ),
      );
      await waitAllTasksBlocked();
      await condition.with(async () => {
        scope.cancel();
        await waitAllTasksBlocked();
        log.push("let go");
      });
    });
    expect(log).toEqual(["let go", "cancelled"]);
    expect([scope.cancelledCaught, condition.lock.locked]).toEqual([true, false]);
  },
);

everywhere(
  "S3, C5: a notified waiter returns though it is cancelled meanwhile, and sees it at its next checkpoint",
  async () => {
    const condition = new Condition();
    const scope = new CancelScope();
    const log: string[] = [];
    await taskGroup(async (group) => {
      group.spawn(() =>
        scope.run(() =>
          condition.with(async (permit) => {
            await condition.wait(permit);
            log.push("notified");
            await checkpoint();
            log.push("never");
          }),
        ),
      );
      await waitAllTasksBlocked();
      await condition.with(() => {
        condition.notify();
        scope.cancel();
      });
    });
    expect([log, scope.cancelledCaught]).toEqual([["notified"], true]);
  },
);

everywhere(
  "S3: of two waiters, the first cancelled in the step that notifies, the second is notified",
  async () => {
    const condition = new Condition();
    const scope = new CancelScope();
    const log: string[] = [];
    await taskGroup(async (group) => {
      group.spawn(() =>
        scope.run(() => condition.with((permit) => condition.wait(permit))).then(() => log.push("one")),
      );
      await waitAllTasksBlocked();
      group.spawn(() => condition.with((permit) => condition.wait(permit)).then(() => log.push("two")));
      await waitAllTasksBlocked();
      await condition.with(() => {
        scope.cancel();
        condition.notify();
      });
    });
    expect(log.sort()).toEqual(["one", "two"]);
    expect(scope.cancelledCaught).toBe(true);
  },
);

everywhere("C3: in a cancelled scope wait throws and has held the lock all the time", async () => {
  const condition = new Condition();
  await new CancelScope().run(async (scope) => {
    const permit = await condition.lock.acquire();
    scope.cancel();
    for (const wait of [() => condition.wait(permit), () => condition.waitFor(permit, () => true)]) {
      const waiting = errorOf(wait());
      expect(condition.lock.tryAcquire()).toBe(undefined);
      expect(await waiting).toSatisfy(isCancelled);
    }
    permit.release();
  });
  expect(condition.lock.locked).toBe(false);
});

timed("C11: a wait with a deadline: the block ends, the lock is free", async () => {
  const condition = new Condition();
  const value = await moveOnAfter(10, () =>
    condition.with((permit) => condition.waitFor(permit, () => false)),
  );
  expect([value, condition.statistics()]).toEqual([
    undefined,
    { tasksWaiting: 0, lock: { locked: false, tasksWaiting: 0 } },
  ]);
});

everywhere("C17: a foreign signal ends the wait with its reason, and the lock is held again", async () => {
  const condition = new Condition();
  const controller = new AbortController();
  await condition.with(async (permit) => {
    const waiting = errorOf(condition.wait(permit, { signal: controller.signal }));
    await waitAllTasksBlocked();
    controller.abort("enough");
    expect([await waiting, condition.lock.locked]).toEqual(["enough", true]);
  });
  expect(condition.lock.locked).toBe(false);
});

everywhere("several conditions may be on one lock", async () => {
  const lock = new Lock();
  const [filled, emptied] = [new Condition(lock), new Condition(lock)];
  const slot: number[] = [];
  const taken: number[] = [];
  await taskGroup((group) => {
    group.spawn(async () => {
      for (let item = 0; item < 5; item++) {
        await lock.with(async (permit) => {
          await emptied.waitFor(permit, () => slot.length === 0);
          slot.push(item);
          filled.notify();
        });
      }
    });
    group.spawn(async () => {
      for (let count = 0; count < 5; count++) {
        await lock.with(async (permit) => {
          await filled.waitFor(permit, () => slot.length > 0);
          taken.push(...slot.splice(0));
          emptied.notify();
        });
      }
    });
  });
  expect(taken).toEqual([0, 1, 2, 3, 4]);
});

everywhere("S2: waiting with a permit that does not hold the lock is a MisuseError at once", async () => {
  const condition = new Condition();
  const other = new Lock();
  const released = await condition.lock.acquire();
  released.release();
  const forged: Permit = { release: () => undefined, [Symbol.dispose]: () => undefined };
  using foreign = await other.acquire();
  for (const permit of [released, foreign, forged, undefined as never]) {
    expect(thrownBy(() => void condition.wait(permit))).toHaveProperty("code", "ERR_MISUSE");
    expect(thrownBy(() => void condition.waitFor(permit, () => true))).toHaveProperty("code", "ERR_MISUSE");
  }
});

everywhere("S2: so is waiting twice with one permit, and releasing it while it waits", async () => {
  const condition = new Condition();
  const permit = await condition.lock.acquire();
  const first = condition.wait(permit);
  expect(thrownBy(() => void condition.wait(permit))).toHaveProperty("code", "ERR_MISUSE");
  permit.release();
  await condition.with(() => condition.notify());
  expect(await errorOf(first)).toHaveProperty("code", "ERR_MISUSE");
  expect(condition.statistics()).toEqual({ tasksWaiting: 0, lock: { locked: false, tasksWaiting: 0 } });
});

everywhere(
  "S3: the lock is free from the call on, and a notification in the same step is not missed",
  async () => {
    const condition = new Condition();
    await condition.with(async (permit) => {
      const waiting = condition.wait(permit);
      const other = condition.lock.tryAcquire();
      condition.notify();
      other?.release();
      await waiting;
      expect(condition.lock.locked).toBe(true);
    });
  },
);

timed("C3: a wait in a cancelled scope that comes to be shielded meanwhile waits after all", async () => {
  const condition = new Condition();
  const [outer, inner] = [new CancelScope(), new CancelScope()];
  await outer.run(() =>
    inner.run(() =>
      condition.with(async (permit) => {
        outer.cancel();
        const waiting = condition.wait(permit);
        inner.shield = true;
        await waitAllTasksBlocked();
        await condition.with(() => condition.notify());
        await waiting;
      }),
    ),
  );
  expect([outer.cancelledCaught, condition.lock.locked]).toEqual([false, false]);
});

everywhere("S2: released while it waits for the lock again, too; the lock goes to the next", async () => {
  const condition = new Condition();
  const permit = await condition.lock.acquire();
  const waiting = errorOf(condition.wait(permit));
  await waitAllTasksBlocked();
  const held = await condition.lock.acquire();
  condition.notify();
  await waitAllTasksBlocked();
  expect(condition.statistics().lock).toEqual({ locked: true, tasksWaiting: 1 });
  permit.release();
  const next = condition.lock.acquire();
  held.release();
  expect(await waiting).toHaveProperty("code", "ERR_MISUSE");
  (await next).release();
  expect(condition.lock.locked).toBe(false);
});

everywhere("S2: notifying while nobody holds the lock is a MisuseError", () => {
  const condition = new Condition();
  expect(thrownBy(() => condition.notify())).toHaveProperty("code", "ERR_MISUSE");
  expect(thrownBy(() => condition.notifyAll())).toHaveProperty("code", "ERR_MISUSE");
});

everywhere("S5: after a wait the permit is released once, as any", async () => {
  const condition = new Condition();
  await taskGroup(async (group) => {
    group.spawn(async () => {
      using permit = await condition.lock.acquire();
      await condition.wait(permit);
      permit.release();
      permit.release();
    });
    await waitAllTasksBlocked();
    await condition.with(() => condition.notify());
  });
  expect(condition.lock.statistics()).toEqual({ locked: false, tasksWaiting: 0 });
});

everywhere("a floating wait that is cancelled is no unhandled rejection", async () => {
  const [one, two] = [new Condition(), new Condition()];
  await new CancelScope().run(async (scope) => {
    void one.wait(await one.lock.acquire());
    void two.waitFor(await two.lock.acquire(), () => false);
    await waitAllTasksBlocked();
    scope.cancel();
    await sleep(0).catch(() => undefined);
  });
  await waitAllTasksBlocked();
});

everywhere("what the predicate throws comes out, and the lock is given back", async () => {
  const condition = new Condition();
  const failure = new Error("no");
  const throwing = (): never => {
    throw failure;
  };
  expect(await errorOf(condition.with((permit) => condition.waitFor(permit, throwing)))).toBe(failure);
  expect(condition.lock.locked).toBe(false);
});

test("arguments are checked at once", async () => {
  const condition = new Condition();
  expect(thrownBy(() => new Condition({} as never))).toBeInstanceOf(TypeError);
  await condition.with((permit) => {
    for (const bad of [-1, 1.5, NaN, Infinity]) {
      expect(thrownBy(() => condition.notify(bad))).toBeInstanceOf(RangeError);
    }
    expect(thrownBy(() => condition.notify("1" as never))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => void condition.waitFor(permit, 1 as never))).toBeInstanceOf(TypeError);
  });
});

test("the deadlock report names the condition", async () => {
  const condition = new Condition();
  const waiting = simulate(() => condition.with((permit) => condition.wait(permit)));
  expect(String(await errorOf(waiting))).toContain("waits for the condition");
});
