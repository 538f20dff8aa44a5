import {
  cancelShieldedCheckpoint,
  checkpoint,
  checkpointIfCancelled,
  currentTime,
  isCancelled,
  sleep,
  sleepForever,
  sleepUntil,
} from "@arborio/core";
import { suspend } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf } from "../../testing/test/outcome.ts";

everywhere("C3: every function that may wait is a checkpoint, also when it need not wait", async () => {
  const { promise } = makeGate<never>();
  const waits = [
    checkpoint,
    checkpointIfCancelled,
    sleepForever,
    () => sleep(0),
    () => sleep(-1),
    () => sleep(Infinity),
    () => sleepUntil(-Infinity),
    () => sleepUntil(currentTime() + 5),
    () => suspend(() => void promise),
  ];
  for (const wait of waits) {
    await new CancelScope().run(async (scope) => {
      scope.cancel();
      expect(await errorOf(wait())).toSatisfy(isCancelled);
    });
    if (wait !== sleepForever && wait !== waits[5] && wait !== waits[8]) await wait();
  }
});

everywhere("C3: cancelShieldedCheckpoint never throws; the next checkpoint does", async () => {
  const scope = new CancelScope();
  const log: string[] = [];
  await scope.run(async () => {
    scope.cancel();
    await cancelShieldedCheckpoint();
    log.push("went on");
    await checkpoint();
    log.push("never");
  });
  expect(log).toEqual(["went on"]);
});

onRealClock("C3: without turns a checkpoint in a live scope returns one resolved promise", async () => {
  expect(checkpoint()).toBe(checkpoint());
  expect(await new CancelScope().run(() => checkpoint() === checkpointIfCancelled())).toBe(true);
});

everywhere("C4: a waiting task is woken at once, a running one at its next checkpoint", async () => {
  const scope = new CancelScope();
  const log: string[] = [];
  await scope.run(async () => {
    const waiting = sleepForever().catch(() => log.push("woken"));
    scope.cancel();
    log.push("still running");
    await waiting;
    await checkpoint().catch(() => log.push("at its checkpoint"));
  });
  expect(log).toEqual(["still running", "woken", "at its checkpoint"]);
});

everywhere("C4: one not yet started runs to its first checkpoint", async () => {
  const log: string[] = [];
  const scope = new CancelScope();
  await scope.run(() =>
    taskGroup((group) => {
      group.spawn(async () => {
        log.push("begun");
        await checkpoint();
        log.push("never");
      });
      scope.cancel();
    }),
  );
  expect(log).toEqual(["begun"]);
});

timed("sleep waits for its time, and sleepUntil until it", async () => {
  const began = currentTime();
  await sleep(30);
  expect(currentTime()).toBe(began + 30);
  await sleepUntil(began + 100);
  expect(currentTime()).toBe(began + 100);
  await sleepUntil(began);
  expect(currentTime()).toBe(began + 100);
});

timed("sleep(Infinity) ends by cancellation alone", async () => {
  const scope = new CancelScope({ deadline: 1e12 });
  await scope.run(() => sleep(Infinity));
  expect(currentTime()).toBe(1e12);
});
