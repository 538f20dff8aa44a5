// What AnyIO's tests pin down of shields that no other test here does; see docs/behaviours.md.
import { checkpoint, isCancelled, sleep, sleepForever } from "@arborio/core";
import {
  CancelScope,
  currentEffectiveDeadline,
  currentSignal,
  moveOnAfter,
  shield,
} from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

/** Whether a cancellation is pending here, by all that tells. */
async function pending(): Promise<boolean> {
  const told = [currentEffectiveDeadline() === -Infinity, currentSignal().aborted];
  for (let times = 0; times < 2; times++) {
    const wait = checkpoint().then(
      () => false,
      (error: unknown) => isCancelled(error),
    );
    told.push(await wait);
  }
  expect(new Set(told).size).toBe(1);
  return told[0] === true;
}

everywhere(
  "C12: a shielded timeout protects its block from the group's cancellation, not what follows",
  async () => {
    const log: unknown[] = [];
    await taskGroup((group) => {
      group.spawn(async () => {
        let inner: CancelScope | undefined;
        const block = async (scope: CancelScope): Promise<void> => {
          inner = scope;
          group.cancel();
          await checkpoint();
          log.push("protected");
        };
        await moveOnAfter(1e6, block, { shield: true });
        log.push(inner?.cancelCalled);
        await checkpoint();
        log.push("never");
      });
    });
    expect(log).toEqual(["protected", false]);
  },
);

everywhere("C12: cancelled from within a shield: nothing is pending there, all of it outside", async () => {
  await new CancelScope().run(async (outer) => {
    await shield(async () => {
      outer.cancel();
      expect(currentEffectiveDeadline()).toBe(Infinity);
      expect(await pending()).toBe(false);
    });
    expect(await pending()).toBe(true);
    for (let times = 0; times < 2; times++) expect(await errorOf(sleep(1))).toSatisfy(isCancelled);
  });
});

everywhere("C12: a shielded scope that is itself cancelled: that is pending in it", async () => {
  const outer = new CancelScope();
  const own = new CancelScope({ shield: true });
  await outer.run(() =>
    own.run(async () => {
      own.cancel();
      expect(await pending()).toBe(true);
    }),
  );
  expect(outer.cancelCalled).toBe(false);
});

everywhere(
  "C12: in finally of a cancelled scope it is pending, in a shield there not, then again",
  async () => {
    const seen: boolean[] = [];
    await new CancelScope().run(async (scope) => {
      scope.cancel();
      try {
        await checkpoint();
      } finally {
        seen.push(await pending());
        await shield(async () => seen.push(await pending()));
        seen.push(await pending());
      }
    });
    expect(seen).toEqual([true, false, true]);
  },
);

everywhere("C12: a shielded scope is cancelled by another task's cancel of it", async () => {
  const own = new CancelScope({ shield: true });
  await taskGroup(async (group) => {
    group.spawn(() => own.run(sleepForever));
    for (let turns = 0; turns < 2; turns++) await checkpoint();
    own.cancel();
  });
  expect(own.cancelledCaught).toBe(true);
});

everywhere("C12: two scopes cancelled from within a shield: the next checkpoint outside throws", async () => {
  for (const where of ["in the outer", "in the middle"]) {
    const [outer, middle] = [new CancelScope(), new CancelScope()];
    const log: string[] = [];
    await outer.run(async () => {
      await middle.run(async () => {
        await shield(async () => {
          middle.cancel();
          outer.cancel();
          await shield(checkpoint);
          await checkpoint();
          log.push("shielded");
        });
        if (where === "in the middle") await checkpoint();
        log.push("in the outer");
      });
      await checkpoint();
      log.push("never");
    });
    expect(log).toEqual(["shielded", "in the outer"].slice(0, where === "in the middle" ? 1 : 2));
    expect([outer.cancelledCaught, middle.cancelledCaught]).toEqual([true, false]);
  }
});

everywhere("C6: an outer scope cancelled meanwhile leaves a shielded inner one its Cancelled", async () => {
  const [outer, inner] = [new CancelScope(), new CancelScope({ shield: true })];
  let between = false;
  await outer.run(async () => {
    await inner.run(async () => {
      inner.cancel();
      try {
        await checkpoint();
      } finally {
        outer.cancel();
      }
    });
    between = true;
  });
  expect([inner.cancelledCaught, between]).toEqual([true, true]);
  expect([outer.cancelCalled, outer.cancelledCaught]).toEqual([true, false]);
});
