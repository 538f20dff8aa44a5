import { checkpoint, currentTime, isCancelled, sleep, sleepForever, type Cancelled } from "@arborio/core";
import { currentRuntime, suspend } from "@arborio/core/lowlevel";
import { CancelScope, failAfter, moveOnAfter, moveOnAt, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

timed("C11: a deadline counts from entry", async () => {
  await sleep(30);
  expect(await moveOnAfter(50, () => sleep(40).then(() => "in time"))).toBe("in time");
  expect(await moveOnAfter(50, () => sleep(60).then(() => "late"))).toBe(undefined);
  expect(currentTime()).toBe(30 + 40 + 50);
});

timed("C11: moveOnAt takes a time of the clock", async () => {
  await sleep(30);
  await moveOnAt(50, sleepForever);
  expect(currentTime()).toBe(50);
});

everywhere("C11: one already past at entry cancels at once", async () => {
  const scope = new CancelScope({ deadline: currentTime() - 1 });
  expect(scope.cancelCalled).toBe(false);
  await scope.run(() => {
    expect(scope.cancelCalled).toBe(true);
    return checkpoint();
  });
  expect(scope.cancelledCaught).toBe(true);
});

timed("C11: moving it later before expiry prevents it", async () => {
  const value = await moveOnAfter(10, async (scope) => {
    await sleep(5);
    scope.deadline = 100;
    await sleep(50);
    return "extended";
  });
  expect(value).toBe("extended");
});

timed("C11: moving it earlier holds, and Infinity takes it away", async () => {
  await moveOnAfter(100, async (scope) => {
    scope.deadline = 20;
    await sleepForever();
  });
  expect(currentTime()).toBe(20);
  const value = await moveOnAfter(10, (scope) => {
    scope.deadline = Infinity;
    return sleep(50).then(() => "unlimited");
  });
  expect(value).toBe("unlimited");
});

everywhere("C11: moving it into the past cancels, who waits at once", async () => {
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    group.spawn(() => scope.run(sleepForever));
    await checkpoint();
    await checkpoint();
    scope.deadline = currentTime() - 1;
    expect(scope.cancelCalled).toBe(true);
  });
  expect(scope.cancelledCaught).toBe(true);
});

everywhere("C11: once cancelled it has no effect", async () => {
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    scope.deadline = Infinity;
    expect(isCancelled(await errorOf(checkpoint()))).toBe(true);
    scope.deadline = currentTime() + 1e6;
    expect(isCancelled(await errorOf(sleepForever()))).toBe(true);
  });
});

onRealClock("C11: one that passed while code ran is seen by the very next checkpoint", async () => {
  await moveOnAfter(2, async () => {
    for (const began = currentTime(); currentTime() <= began + 3;);
    expect((await errorOf(checkpoint())) as Cancelled).toMatchObject({ source: "deadline" });
  });
});

onRealClock("C11: so is that of another scope whose signal is given", async () => {
  await moveOnAfter(2, async ({ signal }) => {
    for (const began = currentTime(); currentTime() <= began + 3;);
    let armed = false;
    const wait = shield(() => suspend<void>(() => void (armed = true), { signal }));
    expect([await errorOf(wait), armed]).toEqual([signal.reason, false]);
  });
});

onRealClock("C11: the clock is read only under a finite effective deadline", async () => {
  const { clock } = currentRuntime();
  const now = clock.now.bind(clock);
  let reads = 0;
  clock.now = () => (reads++, now());
  try {
    for (let count = 0; count < 50; count++) await new CancelScope().run(checkpoint);
    const without = reads;
    await moveOnAfter(1e6, async () => {
      for (let count = 0; count < 50; count++) await checkpoint();
    });
    expect([without < 10, reads > 50]).toEqual([true, true]);
  } finally {
    clock.now = now;
  }
});

timed("C11: who sleeps exactly until an enclosing scope's deadline is cancelled", async () => {
  const setLater = await new CancelScope().run((scope) => {
    const asleep = sleep(50).then(() => "woke");
    scope.deadline = currentTime() + 50;
    return asleep;
  });
  expect(setLater).toBe(undefined);
  expect(await moveOnAfter(50, () => sleep(50).then(() => "woke"))).toBe(undefined);
  expect(await moveOnAfter(50, () => moveOnAfter(60, () => sleep(50)).then(() => "woke"))).toBe(undefined);
});

everywhere("C11: NaN is a RangeError, what is no number a TypeError", () => {
  const scope = new CancelScope();
  const noop = (): void => undefined;
  for (const wrong of [() => moveOnAfter(NaN, noop), () => failAfter(NaN, noop), () => moveOnAt(NaN, noop)]) {
    expect(thrownBy(wrong)).toBeInstanceOf(RangeError);
  }
  expect(thrownBy(() => (scope.deadline = NaN))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => new CancelScope({ deadline: NaN }))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => sleep(NaN))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => sleep("1" as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => moveOnAfter("1" as never, noop))).toBeInstanceOf(TypeError);
  expect(scope.deadline).toBe(Infinity);
});

everywhere("C11: a negative duration counts as 0", async () => {
  expect(await moveOnAfter(-100, () => checkpoint().then(() => "late"))).toBe(undefined);
  expect(await moveOnAfter(-Infinity, () => "without a checkpoint")).toBe("without a checkpoint");
  await sleep(-1);
});

timed("C11: null or undefined means none", async () => {
  for (const none of [null, undefined]) {
    expect(await moveOnAfter(none, () => sleep(1e9).then(() => "done"))).toBe("done");
    expect(await moveOnAt(none, () => sleep(1e9).then(() => "done"))).toBe("done");
    expect(new CancelScope({ deadline: none }).deadline).toBe(Infinity);
  }
});
