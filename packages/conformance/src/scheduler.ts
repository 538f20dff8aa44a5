import { checkpoint, currentTime, sleepUntil } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { suspend } from "@arborio/core/lowlevel";
import type { Backend, Scheduler } from "@arborio/core/backend";
import { equal, ok } from "./assert.ts";
import type { Register } from "./suite.ts";

/** The contract's scheduler. */
export function schedulerTests({ raw, run }: Register): void {
  raw("scheduler: a hop comes after all microtasks", async (backend) => {
    let hopped = false;
    hop(backend, () => (hopped = true));
    for (let i = 0; i < 100; i++) await Promise.resolve();
    equal(hopped, false, "whether it came in a microtask");
    await suspend<void>((waiter) => hop(backend, () => void waiter.resume()));
    equal(hopped, true, "whether it came");
  });

  raw("scheduler: hops come in order, each once", async (backend) => {
    const order: number[] = [];
    for (let i = 0; i < 5; i++) hop(backend, () => order.push(i));
    await suspend<void>((waiter) => hop(backend, () => void waiter.resume()));
    equal(order, [0, 1, 2, 3, 4], "the order");
  });

  raw("scheduler: a hop asked for in a hop is another", async (backend) => {
    const order: string[] = [];
    hop(backend, () => {
      hop(backend, () => order.push("inner"));
      order.push("outer");
    });
    for (let i = 0; i < 2; i++) await suspend<void>((waiter) => hop(backend, () => void waiter.resume()));
    equal(order, ["outer", "inner"], "the order");
  });

  run("F1: a loop of checkpoints lets timers in", async () => {
    let turns = 0;
    await moveOnAfter(1, async () => {
      for (; turns < 1e7; turns++) await checkpoint();
    });
    ok(turns < 1e7, "the deadline came while the loop ran");
  });

  run("sleeps end in the order of their times, and none early", async () => {
    const base = currentTime() + 20;
    const order: number[] = [];
    const sleepTo = async (ms: number): Promise<void> => {
      await sleepUntil(base + ms);
      ok(currentTime() >= base + ms, `${String(ms)} ms had passed`);
      order.push(ms);
    };
    const sleeps = [3, 1, 2].map(sleepTo);
    const inTime = currentTime() < base;
    await Promise.all(sleeps);
    // On a machine that stood still for 20 ms some did not have to wait.
    if (inTime) equal(order, [1, 2, 3], "the order");
  });
}

function hop({ scheduler }: Backend, wake: () => void): void {
  (scheduler as Scheduler).hop(wake);
}
