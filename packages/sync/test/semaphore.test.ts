import { checkpoint } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { Semaphore } from "@arborio/sync";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { thrownBy } from "../../testing/test/outcome.ts";

everywhere("its value goes down with each permit and comes back with its release", async () => {
  const semaphore = new Semaphore(2);
  const inside: number[] = [];
  await taskGroup((group) => {
    for (let count = 0; count < 4; count++) {
      group.spawn(() =>
        semaphore.with(async () => {
          inside.push(semaphore.value);
          await checkpoint();
        }),
      );
    }
  });
  expect(Math.min(...inside)).toBe(0);
  expect(semaphore.statistics()).toEqual({ value: 2, tasksWaiting: 0 });
  const permit = await semaphore.acquire();
  expect(semaphore.value).toBe(1);
  permit.release();
  expect(semaphore.value).toBe(2);
});

everywhere("tryAcquire gives undefined when its value is 0, and changes nothing", () => {
  const semaphore = new Semaphore(1);
  const permit = semaphore.tryAcquire();
  expect([semaphore.value, semaphore.tryAcquire(), semaphore.value]).toEqual([0, undefined, 0]);
  permit?.release();
  expect(new Semaphore(0).tryAcquire()).toBe(undefined);
});

everywhere("S4: a bare release adds a permit, for the first who waits or for the next", async () => {
  const semaphore = new Semaphore(0);
  const waiting = semaphore.acquire();
  semaphore.release();
  expect(semaphore.statistics()).toEqual({ value: 0, tasksWaiting: 0 });
  await waiting;
  semaphore.release();
  semaphore.release();
  expect(semaphore.value).toBe(2);
});

everywhere("S4: a bare release beyond maxValue is a MisuseError and changes nothing", () => {
  const semaphore = new Semaphore(1, { maxValue: 2 });
  semaphore.release();
  const error = thrownBy(() => semaphore.release());
  expect(error).toHaveProperty("code", "ERR_MISUSE");
  expect(String(error)).toBe("MisuseError: Cannot release the semaphore: it is at its maximum");
  expect([semaphore.value, semaphore.maxValue]).toEqual([2, 2]);
});

everywhere(
  "S4: so is the release of a permit that a bare one gave back; again it does nothing (S5)",
  async () => {
    const semaphore = new Semaphore(1, { maxValue: 1 });
    const permit = await semaphore.acquire();
    semaphore.release();
    expect(thrownBy(() => permit.release())).toHaveProperty("code", "ERR_MISUSE");
    permit.release();
    expect(semaphore.value).toBe(1);
  },
);

everywhere("S1: a permit handed to a waiter cannot be taken by tryAcquire", async () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.tryAcquire();
  const waiting = semaphore.acquire();
  held?.release();
  expect([semaphore.tryAcquire(), semaphore.value]).toEqual([undefined, 0]);
  (await waiting).release();
  expect(semaphore.value).toBe(1);
});

everywhere("S5: two permits, each released twice, give back two", async () => {
  const semaphore = new Semaphore(2);
  const permits = [await semaphore.acquire(), await semaphore.acquire()];
  for (const permit of [...permits, ...permits]) permit.release();
  expect(semaphore.value).toBe(2);
});

test("without maxValue it has none; it may be made anywhere", async () => {
  const semaphore = new Semaphore(3);
  expect([semaphore.maxValue, semaphore.value]).toEqual([Infinity, 3]);
  expect(await semaphore.with(() => semaphore.value)).toBe(2);
});

test("initial and maxValue are whole numbers, maxValue not less than initial", () => {
  for (const bad of [-1, 0.5, NaN, Infinity, -Infinity]) {
    expect(thrownBy(() => new Semaphore(bad))).toBeInstanceOf(RangeError);
  }
  for (const bad of [-1, 0, 1.5, NaN]) {
    expect(thrownBy(() => new Semaphore(1, { maxValue: bad }))).toBeInstanceOf(RangeError);
  }
  for (const bad of ["1", null, {}, 1n]) {
    expect(thrownBy(() => new Semaphore(bad as never))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => new Semaphore(1, { maxValue: bad as never }))).toBeInstanceOf(TypeError);
  }
  expect(String(thrownBy(() => new Semaphore(-1)))).toBe(
    "RangeError: Cannot make a semaphore: initial must be a whole number from 0 to 9007199254740991, received -1",
  );
});
