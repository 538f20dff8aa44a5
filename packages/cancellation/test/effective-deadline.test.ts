import { checkpoint, currentTime, sleepForever } from "@arborio/core";
import { currentRuntime, deadlinesOf } from "@arborio/core/lowlevel";
import { CancelScope, currentEffectiveDeadline, moveOnAfter, shield } from "@arborio/cancellation";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";

timed("C14: the least deadline up to and including the nearest shield", async () => {
  expect(currentEffectiveDeadline()).toBe(Infinity);
  await moveOnAfter(100, async () => {
    expect(currentEffectiveDeadline()).toBe(100);
    await moveOnAfter(200, () => expect(currentEffectiveDeadline()).toBe(100));
    await moveOnAfter(50, () => expect(currentEffectiveDeadline()).toBe(50));
    await shield(() => expect(currentEffectiveDeadline()).toBe(Infinity));
    await moveOnAfter(200, () => expect(currentEffectiveDeadline()).toBe(200), { shield: true });
    await moveOnAfter(200, () =>
      shield(() => moveOnAfter(300, () => expect(currentEffectiveDeadline()).toBe(300))),
    );
  });
});

everywhere("C14: it follows moves of the deadline and flips of the shield", async () => {
  await new CancelScope({ deadline: 2e9 }).run((outer) =>
    new CancelScope({ deadline: 3e9 }).run((inner) => {
      const seen = [currentEffectiveDeadline()];
      inner.shield = true;
      seen.push(currentEffectiveDeadline());
      inner.deadline = 4e9;
      seen.push(currentEffectiveDeadline());
      outer.deadline = 1e9;
      inner.shield = false;
      seen.push(currentEffectiveDeadline());
      expect(seen).toEqual([2e9, 3e9, 4e9, 1e9]);
    }),
  );
});

everywhere("C14: -Infinity if effectively cancelled, and a shield hides that", async () => {
  const scope = new CancelScope({ deadline: 5e9 });
  await scope.run(async () => {
    scope.cancel();
    expect(currentEffectiveDeadline()).toBe(-Infinity);
    await new CancelScope().run(() => expect(currentEffectiveDeadline()).toBe(-Infinity));
    await shield(() => expect(currentEffectiveDeadline()).toBe(Infinity));
  });
});

everywhere(
  "C15: 5,000 nested scopes, opened with an await at each level, do not overflow the stack",
  async () => {
    const outer = new CancelScope();
    let innermost: CancelScope | undefined;
    const nest = (left: number): Promise<unknown> =>
      new CancelScope().run(async (scope) => {
        await checkpoint();
        if (left > 0) return nest(left - 1);
        innermost = scope;
        outer.cancel();
        return sleepForever();
      });
    await outer.run(() => nest(5_000));
    expect([outer.cancelledCaught, innermost?.cancelledCaught]).toEqual([true, false]);
  },
);

everywhere("C15: re-assigning a deadline 1e5 times does not grow the heap", async () => {
  const deadlines = deadlinesOf(currentRuntime());
  const before = deadlines.size;
  await moveOnAfter(1e6, (scope) => {
    const began = currentTime();
    for (let count = 0; count < 1e5; count++) scope.deadline = began + 1e6 + (count % 7);
    expect(deadlines.size).toBe(before + 1);
    for (let count = 0; count < 1e5; count++) scope.deadline = count % 2 === 0 ? Infinity : began + 1e6;
  });
  expect(deadlines.size).toBe(before);
});
