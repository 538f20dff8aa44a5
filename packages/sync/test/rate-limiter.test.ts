import { checkpoint, currentTime, isCancelled, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { RateLimiter } from "@arborio/sync";
import { expect, test } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

/** When so many tokens came, asked for at once, in ms. */
function times(limiter: RateLimiter, count: number): Promise<number[]> {
  const began = currentTime();
  const time = (): number => Math.round(currentTime() - began);
  return Promise.all(Array.from({ length: count }, () => limiter.acquire().then(time)));
}

timed("as many as the burst come at once, the others evenly", async () => {
  expect(await times(new RateLimiter(4, 1_000), 8)).toEqual([0, 0, 0, 0, 250, 500, 750, 1_000]);
});

timed("the burst may be smaller than what comes in an interval, or greater", async () => {
  expect(await times(new RateLimiter(4, 1_000, { burst: 1 }), 4)).toEqual([0, 250, 500, 750]);
  expect(await times(new RateLimiter(1, 100, { burst: 3 }), 5)).toEqual([0, 0, 0, 100, 200]);
});

timed("tokens come back with time, up to the burst and no further", async () => {
  const limiter = new RateLimiter(2, 100);
  await times(limiter, 2);
  expect(limiter.statistics()).toEqual({ tokens: 0, tasksWaiting: 0 });
  await sleep(50);
  expect(limiter.statistics().tokens).toBe(1);
  await sleep(1_000);
  expect(limiter.statistics().tokens).toBe(2);
  expect(await times(limiter, 4)).toEqual([0, 0, 50, 100]);
});

timed("over any interval no more come than the burst and what is made in it", async () => {
  const limiter = new RateLimiter(3, 1_000, { burst: 2 });
  const came: number[] = [];
  await taskGroup((group) => {
    for (let index = 0; index < 30; index++) {
      group.spawn(async () => {
        await sleep((index * 7919) % 5_000);
        await limiter.acquire();
        came.push(currentTime());
      });
    }
  });
  came.sort((a, b) => a - b);
  for (const from of came) {
    const within = came.filter((time) => time >= from && time < from + 1_000).length;
    expect(within).toBeLessThanOrEqual(2 + 3);
  }
});

timed(
  "S1: tokens come in the order in which they were asked for; tryAcquire gets in front of nobody",
  async () => {
    const limiter = new RateLimiter(1, 100);
    const order: number[] = [];
    expect(limiter.tryAcquire()).toBe(true);
    expect(limiter.tryAcquire()).toBe(false);
    await taskGroup(async (group) => {
      for (let index = 0; index < 3; index++) {
        group.spawn(() => limiter.acquire().then(() => order.push(index)));
        await sleep(1);
      }
      expect(limiter.statistics()).toEqual({ tokens: 0, tasksWaiting: 3 });
      await sleep(247);
      expect([order, limiter.tryAcquire()]).toEqual([[0, 1], false]);
    });
    expect(order).toEqual([0, 1, 2]);
  },
);

timed("S1: nobody gets in front at the very time at which the token comes for who waits", async () => {
  const limiter = new RateLimiter(1, 100);
  const began = currentTime();
  const time = (): number => Math.round(currentTime() - began);
  expect(limiter.tryAcquire()).toBe(true);
  await taskGroup((group) => {
    group.spawn(async () => {
      await sleep(100);
      const tried = limiter.tryAcquire();
      await limiter.acquire();
      expect([tried, time()]).toEqual([false, 200]);
    });
    group.spawn(() => limiter.acquire().then(() => expect(time()).toBe(100)));
  });
});

timed("S1: a cancelled waiter takes nothing; who stands behind it has its token, in time", async () => {
  const limiter = new RateLimiter(1, 100);
  await limiter.acquire();
  await taskGroup(async (group) => {
    group.spawn(() => moveOnAfter(50, () => limiter.acquire()));
    await sleep(1);
    const began = currentTime();
    await limiter.acquire();
    expect(Math.round(currentTime() - began)).toBe(99);
  });
});

everywhere("C3: in a cancelled scope nothing is taken", async () => {
  const limiter = new RateLimiter(1, 1_000_000);
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    expect(await errorOf(limiter.acquire())).toSatisfy(isCancelled);
    expect(await errorOf(limiter.with(() => expect.unreachable()))).toSatisfy(isCancelled);
    void limiter.with(() => undefined);
    await checkpoint();
  });
  expect([limiter.statistics().tokens, limiter.tryAcquire()]).toEqual([1, true]);
  await waitAllTasksBlocked();
});

timed("C17: an abort of a foreign signal ends the wait with its reason", async () => {
  const limiter = new RateLimiter(1, 100);
  const controller = new AbortController();
  await limiter.acquire();
  const waits = [limiter.acquire(controller), limiter.acquire(controller)].map((wait) => errorOf(wait));
  controller.abort("enough");
  expect(await Promise.all(waits)).toEqual(["enough", "enough"]);
  expect(limiter.statistics().tasksWaiting).toBe(0);
});

timed(
  "with and wrap call the function when a token has come, and pass on its value, this and arguments",
  async () => {
    const limiter = new RateLimiter(1, 100);
    const began = currentTime();
    const at = limiter.wrap(function (this: unknown, plus: number) {
      expect(this).toBe(limiter);
      return Math.round(currentTime() - began) + plus;
    });
    expect(await Promise.all([at.call(limiter, 1), at.call(limiter, 2)])).toEqual([1, 102]);
    expect(await errorOf(limiter.with(() => Promise.reject(7)))).toBe(7);
  },
);

onRealClock("on the real clock it waits as well", async () => {
  const limiter = new RateLimiter(1, 10);
  const began = currentTime();
  for (let count = 0; count < 3; count++) await limiter.acquire();
  expect(currentTime() - began).toBeGreaterThanOrEqual(19);
});

test("tokens, interval and burst are whole numbers from 1 on", () => {
  for (const bad of [0, -1, 1.5, NaN, Infinity]) {
    expect(thrownBy(() => new RateLimiter(bad, 1))).toBeInstanceOf(RangeError);
    expect(thrownBy(() => new RateLimiter(1, bad))).toBeInstanceOf(RangeError);
    expect(thrownBy(() => new RateLimiter(1, 1, { burst: bad }))).toBeInstanceOf(RangeError);
  }
  for (const bad of ["1", null]) {
    expect(thrownBy(() => new RateLimiter(bad as never, 1))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => new RateLimiter(1, bad as never))).toBeInstanceOf(TypeError);
  }
  const limiter = new RateLimiter(1, 1);
  expect(thrownBy(() => void limiter.with(1 as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => void limiter.wrap(Promise.resolve() as never))).toBeInstanceOf(TypeError);
});
