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
import { errorOf } from "../../testing/test/outcome.ts";

/** In how many turns a wait ended: beside it a task counts them. */
async function turnsOf(wait: () => Promise<unknown>): Promise<number> {
  let ended: number | undefined;
  let turn = 0;
  await taskGroup((group) => {
    group.spawn(() => wait().catch(() => undefined).then(() => (ended = turn)));
    group.spawn(async () => {
      for (; ended === undefined; turn++) await checkpoint();
    });
  });
  return ended as unknown as number;
}

/** The same, in a scope that is cancelled. */
const turnsInCancelled = (wait: () => Promise<unknown>): Promise<number> =>
  turnsOf(() => new CancelScope().run((scope) => (scope.cancel(), wait())));

everywhere("C3: every function that may wait is a checkpoint, also when it need not wait", async () => {
  const { promise } = Promise.withResolvers<never>();
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

timed("C3: checkpoint and sleep(0) yield one turn, then look", async () => {
  const beginning = await turnsOf(() => Promise.resolve());
  for (const wait of [checkpoint, cancelShieldedCheckpoint, () => sleep(0)]) {
    expect((await turnsOf(wait)) - beginning).toBe(1);
  }
  const log: string[] = [];
  await new CancelScope().run(async (scope) => {
    const floating = checkpoint().catch(() => log.push("looked after it yielded"));
    scope.cancel();
    await floating;
  });
  expect(log.length).toBe(1);
});

timed("C3: in a cancelled scope they yield one turn, and throw in the one after", async () => {
  const beginning = await turnsInCancelled(() => Promise.resolve());
  expect((await turnsInCancelled(checkpoint)) - beginning).toBe(2);
});

timed("C3: a wait that parks in a cancelled scope throws in the next turn", async () => {
  const beginning = await turnsInCancelled(() => Promise.resolve());
  for (const wait of [sleepForever, () => sleep(5), () => suspend(() => undefined)]) {
    expect((await turnsInCancelled(wait)) - beginning).toBe(1);
  }
});

timed("C3: a child starts in the turn after spawn", async () => {
  const order: string[] = [];
  await taskGroup((group) => {
    group.spawn(() => checkpoint().then(() => order.push("one turn later")));
    group.spawn(() => group.spawn(() => order.push("child")));
  });
  expect(order.sort()).toEqual(["child", "one turn later"]);
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
