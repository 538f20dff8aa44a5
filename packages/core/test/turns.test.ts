// Which turn a wait ends in (C3).
import {
  cancelShieldedCheckpoint,
  checkpoint,
  checkpointIfCancelled,
  isCancelled,
  run,
  sleep,
  sleepForever,
  sleepUntil,
} from "@arborio/core";
import { suspend, yieldFirst } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";
import { counting, turnsOf } from "../../testing/test/count-turns.ts";
import { errorOf } from "../../testing/test/outcome.ts";

test("C3: checkpoint, sleep(0) and a sleep until a time that has passed yield one turn", async () => {
  for (const wait of [
    checkpoint,
    cancelShieldedCheckpoint,
    () => sleep(0),
    () => sleep(-1),
    () => sleepUntil(-1),
  ]) {
    expect(await turnsOf(wait)).toBe(1);
  }
});

test("C3: they yield first, then look: in a cancelled scope they throw in the turn after that", async () => {
  for (const wait of [checkpoint, () => sleep(0), () => sleepUntil(-1)])
    expect(await turnsOf(wait, true)).toBe(2);
});

test("C3: what yields first acts in the next turn, and not in a scope that is cancelled then", async () => {
  let acted = 0;
  const act = (): number => ++acted;
  expect(await turnsOf(() => yieldFirst(act))).toBe(1);
  expect(await turnsOf(() => yieldFirst(act), true)).toBe(2);
  expect(acted).toBe(1);
});

test("what yields first gives what it throws as a rejection, here and outside any run", async () => {
  const boom = new Error("boom");
  const act = (): never => {
    throw boom;
  };
  expect(await run(() => errorOf(yieldFirst(act)), { backend: counting() })).toBe(boom);
  expect(await errorOf(yieldFirst(act))).toBe(boom);
});

test("C3: a cancellation in the turn of its yield is seen by the same checkpoint", async () => {
  await run(
    () =>
      new CancelScope().run(async (scope) => {
        const wait = errorOf(checkpoint());
        scope.cancel();
        expect(await wait).toSatisfy(isCancelled);
      }),
    { backend: counting() },
  );
});

test("C3: handle.wait() and result() on an ended task yield first, then look", async () => {
  for (const cancelled of [false, true]) {
    await run(
      () =>
        taskGroup(async (group) => {
          const task = group.spawn(() => 1);
          await task.wait();
          expect(await turnsOf(() => task.wait(), cancelled)).toBe(cancelled ? 2 : 1);
          expect(await turnsOf(() => task.result(), cancelled)).toBe(cancelled ? 2 : 1);
        }),
      { backend: counting() },
    );
  }
});

test("C3: a wait that parks in a cancelled scope throws in the next turn", async () => {
  for (const wait of [sleepForever, () => sleep(5), () => suspend(() => undefined), checkpointIfCancelled]) {
    expect(await turnsOf(wait, true)).toBe(1);
  }
});

test("C3: misuse throws at once, also in a cancelled scope", async () => {
  const misused = (): Promise<unknown> => {
    const scope = new CancelScope();
    void scope.run(() => undefined);
    return scope.run(() => undefined);
  };
  await run(
    () =>
      new CancelScope().run((scope) => {
        scope.cancel();
        expect(misused).toThrow(/used once/);
        expect(() => sleep(NaN)).toThrow(RangeError);
      }),
    { backend: counting() },
  );
});

test("C3: what is there needs no turn: checkpointIfCancelled in a live scope", async () => {
  expect(await turnsOf(checkpointIfCancelled)).toBe(0);
});

test("C3: a child starts in the turn after spawn; leaving an empty group costs one turn", async () => {
  expect(await turnsOf(() => taskGroup(() => undefined))).toBe(1);
  expect(await turnsOf(() => taskGroup((group) => void group.spawn(() => undefined)))).toBe(2);
  const backend = counting();
  await run(
    () =>
      taskGroup((group) => {
        const before = backend.turn;
        group.spawn(() => expect(backend.turn - before).toBe(1));
      }),
    { backend },
  );
});

test("T7: an empty group costs the turn in a cancelled scope too, and throws nothing", async () => {
  const backend = counting();
  await run(
    () =>
      new CancelScope().run(async (scope) => {
        scope.cancel();
        const before = backend.turn;
        await taskGroup(() => undefined);
        expect(backend.turn - before).toBe(1);
      }),
    { backend },
  );
});

test("F2: a wake-up is delivered in the next turn, to all that were woken in this one", async () => {
  const backend = counting();
  const woken: number[] = [];
  let cancelled = 0;
  await run(
    () =>
      new CancelScope().run((scope) =>
        taskGroup(async (group) => {
          for (let count = 0; count < 3; count++) {
            group.spawn(() => sleepForever().finally(() => woken.push(backend.turn)));
          }
          await checkpoint();
          await checkpoint();
          cancelled = backend.turn;
          scope.cancel();
        }),
      ),
    { backend },
  );
  expect(woken).toEqual([1, 1, 1].map((later) => cancelled + later));
});
