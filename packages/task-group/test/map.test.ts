import { checkpoint, currentTime, sleep, sleepForever } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { forEach, map } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { groupErrorOf, slow } from "./policies.ts";

/** Numbers from 1 on, each after `ms`; notes what was pulled, and that it was told to stop. */
async function* numbers(
  ms: number,
  log: string[] = [],
  last = Infinity,
): AsyncGenerator<number, void, undefined> {
  try {
    for (let number = 1; number <= last; number++) {
      await sleep(ms);
      log.push(`pulled ${String(number)}`);
      yield number;
    }
  } finally {
    await sleep(1);
    log.push("closed");
  }
}

timed("map calls fn with each item at once, and gives the values in the order of the items", async () => {
  const values = await map([30, 10, 20], (ms) => sleep(ms).then(() => String(ms)));
  expect([values, currentTime()]).toEqual([["30", "10", "20"], 30]);
});

everywhere("map of none is a list of none; any iterable will do", async () => {
  expect(await map([], () => checkpoint())).toEqual([]);
  expect(await map(new Set([1, 2]), (item) => item * 2)).toEqual([2, 4]);
  expect(await map("ab", (letter) => letter.toUpperCase())).toEqual(["A", "B"]);
});

everywhere("fn is given the handle of its task, whose signal is an option of every wait", async () => {
  expect(await map([0, 0], sleep)).toEqual([undefined, undefined]);
  const names = await map([1], function double(_, task) {
    return task.name;
  });
  expect(names).toEqual(["double"]);
});

timed("limit: so many run at once, and the next item is pulled only when there is room", async () => {
  const log: string[] = [];
  function* items(): Generator<number, void, undefined> {
    for (let item = 1; item <= 4; item++) {
      log.push(`${String(currentTime())}: ${String(item)}`);
      yield item;
    }
  }
  expect(await map(items(), (item) => sleep(10).then(() => item), { limit: 2 })).toEqual([1, 2, 3, 4]);
  expect([log, currentTime()]).toEqual([["0: 1", "0: 2", "10: 3", "10: 4"], 20]);
});

timed("limit 1: one after another", async () => {
  let running = 0;
  await forEach(
    [1, 2, 3],
    async () => {
      expect(++running).toBe(1);
      await sleep(10);
      running--;
    },
    { limit: 1 },
  );
  expect(currentTime()).toBe(30);
});

timed("items of an async iterable are worked on as they come", async () => {
  const log: string[] = [];
  const values = await map(numbers(10, log, 3), (item) => sleep(100).then(() => item * 2), { limit: 2 });
  expect([values, currentTime()]).toEqual([[2, 4, 6], 220]);
  expect(log.at(-1)).toBe("closed");
});

timed(
  "a source without end, forEach, and a timeout: the source is told, and has cleaned up under a shield",
  async () => {
    const log: string[] = [];
    let done = 0;
    await moveOnAfter(35, () => forEach(numbers(10, log), () => void done++, { limit: 1 }));
    expect([done, log]).toEqual([3, ["pulled 1", "pulled 2", "pulled 3"]]);
  },
);

timed("left while a call keeps the room: the source is told by return(), and waited for", async () => {
  const log: string[] = [];
  await moveOnAfter(35, () => forEach(numbers(10, log), () => sleepForever(), { limit: 1 }));
  expect([log, currentTime()]).toEqual([["pulled 1", "closed"], 36]);
});

timed(
  "T11: the first failure cancels the others, is the cause, and its message is in the group's",
  async () => {
    const failure = new Error("disk full");
    const log: string[] = [];
    const error = await groupErrorOf(
      map([1, 2, 3], async (item) => {
        if (item !== 2) return slow(log)();
        await sleep(10);
        throw failure;
      }),
    );
    expect([error.errors, error.cause, log.length]).toEqual([[failure], failure, 2]);
    expect(error.message).toContain("disk full");
  },
);

timed("a failing source cancels the calls; it is not told to stop", async () => {
  const failure = new Error("no more");
  let returned = false;
  let pulls = 0;
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => (++pulls === 2 ? Promise.reject(failure) : Promise.resolve({ done: false, value: pulls })),
      return: () => {
        returned = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  const log: string[] = [];
  const error = await groupErrorOf(map(source, slow(log)));
  expect([error.errors, log, returned]).toEqual([[failure], ["cleaned"], false]);
});

onRealClock("a foreign source that never gives an item is left all the same, and told", async () => {
  let returned = 0;
  const never: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => {
        returned++;
        return new Promise(() => {});
      },
    }),
  };
  const failure = new Error("elsewhere");
  const error = await errorOf(
    moveOnAfter(10, () => forEach(never, () => checkpoint())).then(() => {
      throw failure;
    }),
  );
  expect([error, returned]).toEqual([failure, 1]);
});

everywhere("an error of the source's clean-up is kept", async () => {
  const [failure, cleanup] = [new Error("call"), new Error("clean-up")];
  function* items(): Generator<number, void, undefined> {
    try {
      yield 1;
      yield 2;
    } finally {
      // eslint-disable-next-line no-unsafe-finally -- what a failing clean-up does
      throw cleanup;
    }
  }
  const error = await groupErrorOf(
    map(items(), () => checkpoint().then(() => Promise.reject(failure)), { limit: 1 }),
  );
  expect(new Set(error.errors)).toEqual(new Set([failure, cleanup]));
});

everywhere("in a cancelled scope no item is pulled", async () => {
  let pulled = 0;
  const items = { [Symbol.iterator]: () => ({ next: () => ({ done: ++pulled > 5, value: 1 }) }) };
  await moveOnAfter(0, () => map(items, () => checkpoint()));
  expect(pulled).toBe(0);
});

everywhere(
  "bad input: RangeError for a bad limit, TypeError for no iterable and no function, at once",
  () => {
    for (const limit of [0, -1, 1.5, NaN, "2"]) {
      expect(thrownBy(() => void map([1], () => checkpoint(), { limit: limit as number }))).toBeInstanceOf(
        RangeError,
      );
    }
    expect(thrownBy(() => void map(5 as never, () => checkpoint()))).toBeInstanceOf(TypeError);
    expect(String(thrownBy(() => void forEach([1], Promise.resolve() as never)))).toContain(
      "write () => work()",
    );
  },
);
