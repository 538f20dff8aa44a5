import { checkpoint, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { map, taskGroup } from "@arborio/task-group";
import { CapacityLimiter } from "@arborio/sync";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere("S4: each acquire is a borrower of its own: branches of one task share the tokens", async () => {
  const limiter = new CapacityLimiter(2);
  let inside = 0;
  let most = 0;
  const get = async (index: number): Promise<number> => {
    most = Math.max(most, ++inside);
    await checkpoint();
    inside--;
    return index;
  };
  const values = await Promise.all([0, 1, 2, 3, 4].map((index) => limiter.with(() => get(index))));
  expect([values, most]).toEqual([[0, 1, 2, 3, 4], 2]);
});

everywhere("a limiter of one never has two inside, over many rounds", async () => {
  const limiter = new CapacityLimiter(1);
  let inside = 0;
  await map(Array(20).keys(), () =>
    limiter.with(async () => {
      expect(++inside).toBe(1);
      await checkpoint();
      inside--;
    }),
  );
  expect(limiter.borrowedTokens).toBe(0);
});

everywhere("its numbers tell what is borrowed and what is left", async () => {
  const limiter = new CapacityLimiter(2);
  const one = await limiter.acquire();
  expect([limiter.totalTokens, limiter.borrowedTokens, limiter.availableTokens]).toEqual([2, 1, 1]);
  const two = await limiter.acquireOnBehalfOf("B");
  const waiting = limiter.acquire();
  expect(limiter.statistics()).toEqual({
    totalTokens: 2,
    borrowedTokens: 2,
    borrowers: ["B"],
    tasksWaiting: 1,
  });
  one.release();
  two.release();
  (await waiting).release();
  expect(limiter.statistics()).toMatchObject({ borrowedTokens: 0, borrowers: [], tasksWaiting: 0 });
});

everywhere(
  "S4: a borrower has one token: asking again is a MisuseError, while it has one or waits for one",
  async () => {
    const limiter = new CapacityLimiter(1);
    const held = await limiter.acquireOnBehalfOf("A");
    expect(thrownBy(() => void limiter.acquireOnBehalfOf("A"))).toHaveProperty("code", "ERR_MISUSE");
    expect(thrownBy(() => limiter.tryAcquireOnBehalfOf("A"))).toHaveProperty("code", "ERR_MISUSE");
    const waiting = limiter.acquireOnBehalfOf("B");
    expect(thrownBy(() => void limiter.acquireOnBehalfOf("B"))).toHaveProperty("code", "ERR_MISUSE");
    expect(limiter.tryAcquireOnBehalfOf("C")).toBe(undefined);
    held.release();
    expect(limiter.statistics().borrowers).toEqual(["B"]);
    const again = limiter.acquireOnBehalfOf("A");
    (await waiting).release();
    (await again).release();
  },
);

everywhere("tokens on behalf of borrowers without waiting, as long as there are some", () => {
  const limiter = new CapacityLimiter(2);
  const permits = ["A", "B"].map((borrower) => limiter.tryAcquireOnBehalfOf(borrower));
  expect([permits.includes(undefined), limiter.statistics().borrowers]).toEqual([false, ["A", "B"]]);
  expect(limiter.tryAcquireOnBehalfOf("C")).toBe(undefined);
  for (const permit of permits) permit?.release();
  expect(limiter.statistics()).toMatchObject({ borrowedTokens: 0, borrowers: [] });
});

everywhere("S4: a borrower whose wait was cancelled may ask again", async () => {
  const limiter = new CapacityLimiter(1);
  const held = limiter.tryAcquire();
  const scope = new CancelScope();
  await scope.run(() => {
    const waiting = limiter.acquireOnBehalfOf("A");
    scope.cancel();
    return waiting;
  });
  await new CancelScope().run(async (cut) => {
    cut.cancel();
    await errorOf(limiter.acquireOnBehalfOf("A"));
  });
  held?.release();
  (await limiter.acquireOnBehalfOf("A")).release();
  expect(limiter.statistics()).toMatchObject({ borrowedTokens: 0, borrowers: [] });
});

everywhere(
  "S4, C3: of two that ask for one borrower in a cancelled scope, shielded meanwhile, one has a token",
  async () => {
    const limiter = new CapacityLimiter(2);
    const scope = new CancelScope({ shield: true });
    const outer = new CancelScope();
    await outer.run(() =>
      scope.run(async () => {
        outer.cancel();
        scope.shield = false;
        const asked = [limiter.acquireOnBehalfOf("A"), limiter.acquireOnBehalfOf("A")];
        scope.shield = true;
        const outcomes = await Promise.allSettled(asked);
        const had = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
        expect([limiter.borrowedTokens, had.length <= 1]).toEqual([had.length, true]);
        for (const permit of had) permit.release();
      }),
    );
    expect(limiter.statistics()).toMatchObject({ borrowedTokens: 0, borrowers: [], tasksWaiting: 0 });
  },
);

everywhere(
  "S1: a token released to a waiter cannot be taken by another, and is the borrower's at once",
  async () => {
    const limiter = new CapacityLimiter(1);
    const held = await limiter.acquireOnBehalfOf("A");
    const waiting = limiter.acquireOnBehalfOf("B");
    await waitAllTasksBlocked();
    held.release();
    expect(limiter.tryAcquire()).toBe(undefined);
    expect(limiter.statistics()).toEqual({
      totalTokens: 1,
      borrowedTokens: 1,
      borrowers: ["B"],
      tasksWaiting: 0,
    });
    (await waiting).release();
  },
);

everywhere(
  "S4: raising the total lets in as many as fit, in order; more may come without waiting",
  async () => {
    const limiter = new CapacityLimiter(1);
    const held = limiter.tryAcquire();
    const waits = [0, 1, 2].map((index) => limiter.acquireOnBehalfOf(index));
    limiter.totalTokens = 3;
    expect(limiter.statistics()).toMatchObject({ borrowedTokens: 3, borrowers: [0, 1], tasksWaiting: 1 });
    limiter.totalTokens = 5;
    const more = limiter.tryAcquire();
    for (const permit of await Promise.all(waits)) permit.release();
    held?.release();
    expect([more === undefined, limiter.borrowedTokens]).toEqual([false, 1]);
  },
);

everywhere("S4: lowered below what is out, what comes back is kept until there is room again", async () => {
  const limiter = new CapacityLimiter(3);
  const permits = [limiter.tryAcquire(), limiter.tryAcquire(), limiter.tryAcquire()];
  const waiting = limiter.acquire();
  limiter.totalTokens = 1;
  expect([limiter.availableTokens, limiter.statistics().tasksWaiting]).toEqual([-2, 1]);
  permits[0]?.release();
  permits[1]?.release();
  expect([limiter.availableTokens, limiter.statistics().tasksWaiting]).toEqual([0, 1]);
  permits[2]?.release();
  (await waiting).release();
  expect(limiter.availableTokens).toBe(1);
});

everywhere("S4: a total of 0 lets nobody in; Infinity everybody, and back", async () => {
  const limiter = new CapacityLimiter(0);
  const waiting = [limiter.acquire(), limiter.acquire()];
  expect(limiter.tryAcquire()).toBe(undefined);
  limiter.totalTokens = Infinity;
  expect(limiter.statistics()).toMatchObject({ totalTokens: Infinity, borrowedTokens: 2, tasksWaiting: 0 });
  limiter.totalTokens = 1;
  expect([limiter.availableTokens, limiter.tryAcquire()]).toEqual([-1, undefined]);
  for (const permit of await Promise.all(waiting)) permit.release();
  expect(limiter.availableTokens).toBe(1);
});

everywhere("S1: a cancelled waiter passes on: the next has the token", async () => {
  const limiter = new CapacityLimiter(1);
  const held = limiter.tryAcquire();
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    group.spawn(() => scope.run(() => limiter.with(() => expect.unreachable())));
    await waitAllTasksBlocked();
    const next = limiter.acquire();
    scope.cancel();
    held?.release();
    (await next).release();
  });
  expect(limiter.availableTokens).toBe(1);
});

test("the total is a whole number from 0 on, or Infinity; a borrower is given", () => {
  const limiter = new CapacityLimiter(1);
  for (const bad of [-1, 1.5, NaN, -Infinity]) {
    expect(thrownBy(() => new CapacityLimiter(bad))).toBeInstanceOf(RangeError);
    expect(thrownBy(() => (limiter.totalTokens = bad))).toBeInstanceOf(RangeError);
  }
  for (const bad of ["1", null, undefined, 1n]) {
    expect(thrownBy(() => new CapacityLimiter(bad as never))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => (limiter.totalTokens = bad as never))).toBeInstanceOf(TypeError);
  }
  expect(thrownBy(() => void limiter.acquireOnBehalfOf(undefined))).toBeInstanceOf(TypeError);
  expect(limiter.totalTokens).toBe(1);
  expect([new CapacityLimiter(3.0).totalTokens, new CapacityLimiter(0).availableTokens]).toEqual([3, 0]);
});
