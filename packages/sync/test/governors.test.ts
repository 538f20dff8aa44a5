// What holds for everything that gives permits, in each state a wait can be in.
import { checkpoint, isCancelled, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import type { Permit } from "@arborio/sync";
import { describe, expect, test } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { governors } from "./governors.ts";

describe.each(Object.entries(governors))("%s", (_, make) => {
  everywhere("S1: permits come in the order in which they were asked for", async () => {
    const governor = make();
    const order: number[] = [];
    await taskGroup((group) => {
      const first = governor.tryAcquire();
      for (let index = 0; index < 5; index++) {
        void governor.acquire().then((permit) => {
          order.push(index);
          permit.release();
        });
      }
      group.spawn(() => first?.release());
    });
    await waitAllTasksBlocked();
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(governor.waiting).toBe(0);
  });

  everywhere("S1: a release hands over at once: nobody barges, tryAcquire included", async () => {
    const governor = make();
    const first = governor.tryAcquire();
    const waiting = governor.acquire();
    expect(governor.waiting).toBe(1);
    first?.release();
    expect([governor.tryAcquire(), governor.waiting]).toEqual([undefined, 0]);
    const later = governor.acquire();
    expect(governor.waiting).toBe(1);
    (await waiting).release();
    (await later).release();
    expect(governor.tryAcquire()).toBeDefined();
  });

  everywhere("S1: who releases and asks again stands behind those who wait", async () => {
    const governor = make();
    const order: string[] = [];
    const turns = async (name: string): Promise<void> => {
      for (let count = 0; count < 3; count++) await governor.with(() => void order.push(name));
    };
    await Promise.all([turns("a"), governor.with(() => checkpoint()).then(() => turns("b"))]);
    expect(order.join("")).toMatch(/^a+(ba)*b*$/);
    expect(order.length).toBe(6);
  });

  everywhere("S1, C5: a cancelled waiter leaves the line and never has the permit", async () => {
    const governor = make();
    const first = governor.tryAcquire();
    const scope = new CancelScope();
    let had = false;
    await taskGroup(async (group) => {
      group.spawn(() => scope.run(() => governor.with(() => (had = true))));
      await waitAllTasksBlocked();
      const second = governor.acquire();
      expect(governor.waiting).toBe(2);
      scope.cancel();
      expect(governor.waiting).toBe(1);
      first?.release();
      (await second).release();
    });
    expect([had, governor.waiting]).toEqual([false, 0]);
    expect(governor.tryAcquire()).toBeDefined();
  });

  everywhere("S1: cancelled, then released in the same step: the permit is free", async () => {
    const governor = make();
    const first = governor.tryAcquire();
    const scope = new CancelScope();
    await taskGroup(async (group) => {
      group.spawn(() => scope.run(() => governor.with(() => expect.unreachable())));
      await waitAllTasksBlocked();
      scope.cancel();
      first?.release();
    });
    expect(governor.tryAcquire()).toBeDefined();
  });

  everywhere(
    "C5: released, then cancelled in the same step: the permit is had, and given back by with",
    async () => {
      const governor = make();
      const first = governor.tryAcquire();
      const scope = new CancelScope();
      const log: string[] = [];
      await taskGroup(async (group) => {
        group.spawn(() =>
          scope.run(() =>
            governor.with(async () => {
              log.push("had");
              await checkpoint();
              log.push("never");
            }),
          ),
        );
        await waitAllTasksBlocked();
        first?.release();
        scope.cancel();
      });
      expect([log, scope.cancelledCaught]).toEqual([["had"], true]);
      expect(governor.tryAcquire()).toBeDefined();
    },
  );

  everywhere("C3: in a cancelled scope nothing is taken, though it is free", async () => {
    const governor = make();
    const scope = new CancelScope();
    await scope.run(async () => {
      scope.cancel();
      expect(await errorOf(governor.acquire())).toSatisfy(isCancelled);
      expect(await errorOf(governor.with(() => expect.unreachable()))).toSatisfy(isCancelled);
      const permit = governor.tryAcquire();
      expect(permit).toBeDefined();
      permit?.release();
      using held = await shield(() => governor.acquire());
      expect(held).toBeDefined();
    });
    expect(governor.waiting).toBe(0);
    expect(governor.tryAcquire()).toBeDefined();
  });

  timed(
    "C3: if the cancelled scope comes to be shielded during the turn, it is taken after all",
    async () => {
      const governor = make();
      const outer = new CancelScope();
      const inner = new CancelScope();
      await outer.run(() =>
        inner.run(async () => {
          outer.cancel();
          const waiting = governor.acquire();
          inner.shield = true;
          const permit = await waiting;
          expect(governor.tryAcquire()).toBe(undefined);
          permit.release();
        }),
      );
      expect(governor.tryAcquire()).toBeDefined();
    },
  );

  everywhere(
    "C5: a permit that is taken at once is kept, though the scope is cancelled during its yield",
    async () => {
      const governor = make();
      const scope = new CancelScope();
      let permit: Permit | undefined;
      await scope.run(async () => {
        const waiting = governor.acquire();
        scope.cancel();
        permit = await waiting;
      });
      expect(governor.tryAcquire()).toBe(undefined);
      permit?.release();
      expect(governor.tryAcquire()).toBeDefined();
    },
  );

  everywhere(
    "C17: an abort of a foreign signal ends the wait with its reason, and takes nothing",
    async () => {
      const governor = make();
      const permit = governor.tryAcquire();
      const controller = new AbortController();
      const waiting = errorOf(governor.acquire({ signal: controller.signal }));
      controller.abort("enough");
      expect([await waiting, governor.waiting]).toEqual(["enough", 0]);
      permit?.release();
      expect(await errorOf(governor.acquire({ signal: controller.signal }))).toBe("enough");
      expect(governor.tryAcquire()).toBeDefined();
    },
  );

  timed("C11: a wait ends with its deadline, and the place goes to who stands behind", async () => {
    const governor = make();
    await taskGroup((group) => {
      group.spawn(() => governor.with(() => sleep(20)));
      group.spawn(async () => {
        await checkpoint();
        await checkpoint();
        expect(await moveOnAfter(10, () => governor.acquire())).toBe(undefined);
      });
      group.spawn(() => sleep(5).then(() => governor.with(() => undefined)));
    });
    expect(governor.waiting).toBe(0);
  });

  everywhere("S5: a permit is released once: again it does nothing, however", async () => {
    const governor = make();
    const first = await governor.acquire();
    first.release();
    first.release();
    first[Symbol.dispose]();
    const second = governor.tryAcquire();
    expect(second).toBeDefined();
    first.release();
    expect(governor.tryAcquire()).toBe(undefined);
    second?.release();
    second?.release();
    const third = governor.tryAcquire();
    expect([third !== undefined, governor.tryAcquire()]).toEqual([true, undefined]);
  });

  everywhere("S5: using gives it back at the end of the block", async () => {
    const governor = make();
    {
      using _ = await governor.acquire();
      expect(governor.tryAcquire()).toBe(undefined);
    }
    expect(governor.tryAcquire()).toBeDefined();
  });

  everywhere(
    "with gives the function's value, passes on its error, and gives the permit back after both",
    async () => {
      const governor = make();
      expect(await governor.with(() => 1)).toBe(1);
      expect(await governor.with(() => checkpoint().then(() => 2))).toBe(2);
      const failure = new Error("no");
      expect(
        await errorOf(
          governor.with(() => {
            throw failure;
          }),
        ),
      ).toBe(failure);
      expect(await errorOf(governor.with(() => Promise.reject(failure)))).toBe(failure);
      expect(await governor.with((permit) => permit.release())).toBe(undefined);
      expect(governor.tryAcquire()).toBeDefined();
    },
  );

  everywhere("with holds it until clean-up has ended, also in a cancelled scope", async () => {
    const governor = make();
    const scope = new CancelScope();
    let cleaned = false;
    await taskGroup(async (group) => {
      group.spawn(() =>
        scope.run(() =>
          governor.with(async () => {
            try {
              await sleep(1_000);
            } finally {
              await shield(() => waitAllTasksBlocked());
              cleaned = true;
            }
          }),
        ),
      );
      await waitAllTasksBlocked();
      scope.cancel();
      await governor.with(() => expect(cleaned).toBe(true));
    });
  });

  everywhere("wrap makes a function that holds it during each call, with this and arguments", async () => {
    const governor = make();
    const counter = {
      total: 0,
      add: governor.wrap(async function (this: { total: number }, a: number, b: number) {
        expect(governor.tryAcquire()).toBe(undefined);
        const before = this.total;
        await checkpoint();
        return (this.total = before + a + b);
      }),
    };
    expect(await Promise.all([counter.add(1, 2), counter.add(3, 4)])).toEqual([3, 10]);
  });

  everywhere("S2: concurrent branches of one task take turns", async () => {
    const governor = make();
    let inside = 0;
    const work = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await checkpoint();
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => governor.with(work)));
  });

  everywhere("a floating wait that is cancelled is no unhandled rejection", async () => {
    const governor = make();
    const permit = governor.tryAcquire();
    const scope = new CancelScope();
    await scope.run(async () => {
      void governor.acquire();
      void governor.with(() => undefined);
      scope.cancel();
      void governor.acquire();
      void governor.with(() => undefined);
      await checkpoint();
    });
    permit?.release();
    await new CancelScope().run(async (inner) => {
      void governor.with(() => sleep(1_000));
      await waitAllTasksBlocked();
      inner.cancel();
      await checkpoint();
    });
    await waitAllTasksBlocked();
    expect(governor.tryAcquire()).toBeDefined();
  });

  test("what is no function is a TypeError at once, and nothing is taken", () => {
    const governor = make();
    for (const bad of [undefined, null, 1, {}, Promise.resolve()]) {
      expect(thrownBy(() => void governor.with(bad as never))).toBeInstanceOf(TypeError);
      expect(thrownBy(() => void governor.wrap(bad as never))).toBeInstanceOf(TypeError);
    }
    expect(thrownBy(() => void governor.acquire({ signal: {} as never }))).toBeInstanceOf(TypeError);
    expect([governor.waiting, governor.tryAcquire() === undefined]).toEqual([0, false]);
  });

  test("S2: without any run it works, and one wait after the other is fast", async () => {
    const governor = make();
    const held = governor.tryAcquire();
    const waits = Array.from({ length: 100 }, (_, index) => governor.with(() => index));
    held?.release();
    expect(await Promise.all(waits)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test("S1: of 1e5 waiters, cancelled from either end and within, each has its turn or none", async () => {
    const governor = make();
    const held = governor.tryAcquire();
    const scope = new CancelScope();
    const order: number[] = [];
    const count = 100_000;
    const cut = (index: number): boolean => index < 100 || index % 3 === 0 || index >= count - 100;
    const waits: Promise<unknown>[] = [];
    await scope.run(() => {
      for (let index = 0; index < count; index++) {
        const ask = (): Promise<unknown> => governor.with(() => order.push(index));
        const signal = cut(index) ? scope.signal : undefined;
        waits.push(
          signal === undefined
            ? shield(ask)
            : governor.with(() => order.push(index), { signal }).catch(() => undefined),
        );
      }
      expect(governor.waiting).toBe(count);
      scope.cancel();
    });
    held?.release();
    await Promise.all(waits);
    expect(order).toEqual(Array.from({ length: count }, (_, index) => index).filter((index) => !cut(index)));
    expect(governor.waiting).toBe(0);
  });
});
