// F1 counts: that timers and I/O get their turn, not how soon.
import { checkpoint, run, sleep } from "@arborio/core";
import type { Clock } from "@arborio/core/backend";
import { suspend, WaitQueue } from "@arborio/core/lowlevel";
import { moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";

/** Runs a loop, beside a timer that is set anew each time it rings. How often that rang before the loop ended. */
async function ringsDuring(loop: () => Promise<unknown>): Promise<number> {
  let rings = 0;
  let over = false;
  const again = (): void => {
    if (over) return;
    rings++;
    setTimeout(again, 0);
  };
  setTimeout(again, 0);
  await run(loop);
  over = true;
  return rings;
}

async function pingPong(rounds: number): Promise<void> {
  const [ping, pong] = [new WaitQueue<void>(), new WaitQueue<void>()];
  const wait = (queue: WaitQueue<void>): Promise<void> => suspend<void>((waiter) => queue.add(waiter));
  await taskGroup((group) => {
    group.spawn(async () => {
      for (let round = 0; round < rounds; round++) {
        await wait(ping);
        pong.wake();
      }
    });
    group.spawn(async () => {
      for (let round = 0; round < rounds; round++) {
        while (!ping.wake()) await checkpoint();
        await wait(pong);
      }
    });
  });
}

test("F1: 1e5 checkpoints let timers in", async () => {
  const loop = async (): Promise<void> => {
    for (let count = 0; count < 1e5; count++) await checkpoint();
  };
  expect(await ringsDuring(loop)).toBeGreaterThan(1);
});

test("F1: so do sleeps of 0, short scopes with a checkpoint, and groups", async () => {
  const loops = [
    () => sleep(0),
    () => moveOnAfter(1e6, () => checkpoint()),
    () => taskGroup((group) => void group.spawn(() => undefined)),
  ];
  for (const step of loops) {
    const loop = async (): Promise<void> => {
      for (let count = 0; count < 1e5; count++) await step();
    };
    expect(await ringsDuring(loop)).toBeGreaterThan(1);
  }
});

test("F1: so do two tasks that hand to each other", async () => {
  expect(await ringsDuring(() => pingPong(1e5))).toBeGreaterThan(1);
});

test("F1: so does waiting, over and over, for a task that has ended", async () => {
  const loop = (): Promise<void> =>
    taskGroup(async (group) => {
      const task = group.spawn(() => 1);
      for (let count = 0; count < 1e5; count++) await task.result();
    });
  expect(await ringsDuring(loop)).toBeGreaterThan(1);
});

test("F1: a task in a loop of checkpoints lets the others run", async () => {
  let others = 0;
  await run(() =>
    taskGroup((group) => {
      group.spawn(async () => {
        while (others < 100) await checkpoint();
      });
      group.spawn(async () => {
        for (; others < 100; others++) await sleep(1);
      });
    }),
  );
  expect(others).toBe(100);
});

test("wake-ups are delivered in the order in which they were decided, also when one of them has to wait its turn", async () => {
  const queue = new WaitQueue<number>();
  const woken: number[] = [];
  await run(() =>
    taskGroup(async (group) => {
      for (let index = 0; index < 500; index++) {
        group.spawn(() => suspend<number>((waiter) => queue.add(waiter)).then(() => woken.push(index)));
      }
      while (queue.size < 500) await sleep(1);
      // The event loop is held for longer than a turn may last.
      for (const began = performance.now(); performance.now() < began + 20;);
      queue.wakeAll(1);
    }),
  );
  expect(woken).toEqual(woken.map((_, index) => index));
});

test("F1: what is woken in a turn that was too long comes in the next, in the order in which it was decided", async () => {
  let time = 0;
  const clock: Clock = { now: () => time, arm: () => {}, hold: () => {} };
  const woken: number[] = [];
  await run(
    async () => {
      const queue = new WaitQueue<void>();
      const waits = [1, 2, 3, 4].map((who) =>
        suspend<void>((waiter) => queue.add(waiter)).then(() => void woken.push(who)),
      );
      time += 10;
      // It looks at the clock at each 64th step.
      const yielded = Array.from({ length: 64 }, () => checkpoint());
      queue.wakeAll();
      await Promise.resolve();
      expect(woken).toEqual([]);
      await Promise.all([...yielded, ...waits]);
    },
    { backend: { name: "hand", clock } },
  );
  expect(woken).toEqual([1, 2, 3, 4]);
});
