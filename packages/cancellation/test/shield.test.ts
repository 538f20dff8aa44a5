import { checkpoint, currentTime, isCancelled, sleep, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere(
  "C12: a shield hides the cancellation of outer scopes; after it, they are seen again",
  async () => {
    const scope = new CancelScope();
    const log: string[] = [];
    await scope.run(async () => {
      scope.cancel();
      await shield(async () => {
        await checkpoint();
        log.push("inside");
      });
      log.push("left");
      await checkpoint();
      log.push("never");
    });
    expect(log).toEqual(["inside", "left"]);
  },
);

timed("C12: a shield hides outer deadlines", async () => {
  const value = await moveOnAfter(10, async () => {
    await shield(() => sleep(50));
    await checkpoint();
    return "late";
  });
  expect([value, currentTime()]).toEqual([undefined, 50]);
});

everywhere("C12: its own cancel and those of scopes within still work", async () => {
  const own = new CancelScope({ shield: true });
  const inner = new CancelScope();
  await own.run(async () => {
    await inner.run(async () => {
      inner.cancel();
      await checkpoint();
    });
    own.cancel();
    await checkpoint();
  });
  expect([inner.cancelledCaught, own.cancelledCaught]).toEqual([true, true]);
});

timed("C12: its own deadline and those of scopes within still work", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await moveOnAfter(20, () => moveOnAfter(10, () => sleep(100)), { shield: true });
    expect(currentTime()).toBe(10);
    await moveOnAfter(20, () => sleep(100), { shield: true });
    expect(currentTime()).toBe(30);
  });
});

everywhere("C12: a shield protects the tasks of groups within it, and only them", async () => {
  const log: string[] = [];
  const scope = new CancelScope();
  await scope.run(() =>
    taskGroup(async (group) => {
      group.spawn(() =>
        shield(() =>
          taskGroup((inner) => void inner.spawn(() => checkpoint().then(() => log.push("protected")))),
        ),
      );
      group.spawn(() => checkpoint().then(() => log.push("exposed")));
      scope.cancel();
    }),
  );
  expect(log).toEqual(["protected"]);
});

everywhere("C12: a shield around the body of a group does not protect the group's tasks", async () => {
  let cut = false;
  const scope = new CancelScope();
  await scope.run(() =>
    taskGroup(async (group) => {
      group.spawn(() => sleepForever().finally(() => void (cut = true)));
      await shield(async () => {
        await checkpoint();
        scope.cancel();
        for (let turns = 0; turns < 5; turns++) await checkpoint();
        expect(cut).toBe(true);
      });
    }),
  );
});

everywhere("C12: it can be flipped while active", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  await outer.run(() =>
    inner.run(async () => {
      outer.cancel();
      for (const shielded of [true, false, true, false]) {
        inner.shield = shielded;
        const error = await checkpoint().catch((reason: unknown) => reason);
        expect(isCancelled(error)).toBe(!shielded);
      }
    }),
  );
});

everywhere("C12: taking it off while an outer scope is cancelled wakes sleepers at once", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope({ shield: true });
  let woken = 0;
  await taskGroup(async (group) => {
    group.spawn(() =>
      outer.run(() =>
        inner.run(() =>
          Promise.all([1, 2].map(() => new CancelScope().run(() => sleepForever().finally(() => woken++)))),
        ),
      ),
    );
    await checkpoint();
    await checkpoint();
    outer.cancel();
    await checkpoint();
    expect(woken).toBe(0);
    inner.shield = false;
  });
  expect([woken, outer.cancelledCaught, inner.cancelledCaught]).toEqual([2, true, false]);
});

everywhere("C12: setting it in finally does not eat a Cancelled already in flight", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  const log: string[] = [];
  await outer.run(async () => {
    await inner.run(async () => {
      outer.cancel();
      try {
        await checkpoint();
      } finally {
        inner.shield = true;
        await checkpoint();
        log.push("cleaned");
      }
    });
    log.push("never");
  });
  expect(log).toEqual(["cleaned"]);
  expect([outer.cancelledCaught, inner.cancelledCaught]).toEqual([true, false]);
});

everywhere("C12: a shield within a shield: both must be left", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await shield(async () => {
      await shield(checkpoint);
      await checkpoint();
    });
    expect(isCancelled(await errorOf(checkpoint()))).toBe(true);
  });
});

everywhere("C12: shield gives the function's value and throws what it throws", async () => {
  const failure = new Error("no");
  expect(await shield(() => 7)).toBe(7);
  expect(await errorOf(shield(() => Promise.reject(failure)))).toBe(failure);
});

everywhere("C12: shield must be a boolean", () => {
  const scope = new CancelScope();
  expect(thrownBy(() => (scope.shield = 1 as never))).toBeInstanceOf(TypeError);
  expect(scope.shield).toBe(false);
});
