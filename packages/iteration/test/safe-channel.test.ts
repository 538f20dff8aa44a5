import {
  checkpoint,
  currentTask,
  currentTime,
  isCancelled,
  isError,
  sleep,
  sleepForever,
} from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { safeChannel } from "@arborio/iteration";
import { openTaskGroup, taskGroup } from "@arborio/task-group";
import type { ObjectReceiveStream } from "@arborio/streams";
import { cancelAtEveryPoint, deadlineAtEveryLook, type EveryPoint } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

/** Counts from 1, and notes its life: an item takes `ms`, its clean-up as long again. */
function counting(log: string[], ms = 0) {
  return safeChannel(async function* counting(last: number) {
    try {
      for (let n = 1; n <= last; n++) {
        log.push(`make ${n}`);
        await sleep(ms);
        yield n;
      }
    } finally {
      await sleep(ms);
      log.push("clean-up");
    }
  });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

everywhere("the generator is asked for an item when one is waited for, and is never ahead", async () => {
  const log: string[] = [];
  const value = await counting(log)(3, async (items) => {
    await checkpoint();
    log.push("begin");
    for await (const n of items) {
      log.push(`take ${n}`);
      await checkpoint();
      await checkpoint();
    }
    return "done";
  });
  expect(value).toBe("done");
  expect(log).toEqual(["begin", "make 1", "take 1", "make 2", "take 2", "make 3", "take 3", "clean-up"]);
});

everywhere("leaving the loop early ends the generator, in its own task, before the call ends", async () => {
  const tasks: (string | undefined)[] = [];
  const ticks = safeChannel(async function* ticks() {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      tasks.push(currentTask()?.name);
      await checkpoint();
      tasks.push("ended");
    }
  });
  const first = await ticks(async (items) => {
    for await (const n of items) if (n === 2) return n;
    return undefined;
  });
  expect([first, tasks]).toEqual([2, ["ticks", "ended"]]);
});

everywhere("leaving the loop does not close the stream: the next loop goes on", async () => {
  await counting([])(4, async (items) => {
    for await (const n of items) if (n === 2) break;
    expect(await all(items)).toEqual([3, 4]);
    expect(await errorOf(items.receive())).toSatisfy((error) => isError(error, "EndOfStream"));
  });
});

everywhere("cancelled before its first item is asked for, the generator never begins", async () => {
  const log: string[] = [];
  await new CancelScope().run(async (scope) => {
    await counting(log)(3, async (items) => {
      scope.cancel();
      await items.receive();
    });
  });
  expect(await counting(log)(3, () => "unused")).toBe("unused");
  expect(log).toEqual([]);
});

everywhere("the generator's error comes out as it is, and cancels the function", async () => {
  const boom = new Error("boom");
  const failing = safeChannel(async function* () {
    yield 1;
    throw boom;
  });
  let cut: unknown;
  const error = await errorOf(
    failing(async (items) => {
      await items.receive();
      cut = await errorOf(items.receive());
      throw cut;
    }),
  );
  expect([error, isCancelled(cut)]).toEqual([boom, true]);
});

everywhere("the function's error comes out as it is, a group of its own too", async () => {
  for (const boom of [new Error("boom"), new AggregateError([new Error("one")]), undefined]) {
    const error = await errorOf(
      counting([])(3, async (items) => {
        await items.receive();
        throw boom;
      }),
    );
    expect(error).toBe(boom);
  }
});

everywhere("errors of the function and of the clean-up come out in one group", async () => {
  const [mine, its] = [new Error("mine"), new Error("its")];
  const failing = safeChannel(async function* failing() {
    try {
      yield 1;
    } finally {
      await Promise.reject(its);
    }
  });
  const use = async (items: ObjectReceiveStream<number>): Promise<never> => {
    await items.receive();
    throw mine;
  };
  const error = (await errorOf(failing(use))) as AggregateError;
  expect(error).toSatisfy((one) => isError(one, "TaskGroupError"));
  expect(error.errors.toSorted()).toEqual([mine, its].toSorted());
  expect(error.message).toContain("failing");
});

timed("a scope of the generator does not reach who receives, nor theirs the generator", async () => {
  const withGroup = safeChannel(async function* () {
    await using group = openTaskGroup();
    group.spawn(() => sleepForever());
    group.cancel();
    yield "inside";
    await sleep(5).catch(() => undefined);
    yield "later";
  });
  const seen: string[] = [];
  await withGroup(async (items) => {
    seen.push(await items.receive());
    await sleep(1);
    seen.push("awake");
    // The deadline of who receives ends the waiting, not the step.
    expect(await moveOnAfter(1, () => items.receive())).toBe(undefined);
    seen.push(await items.receive());
  });
  expect(seen).toEqual(["inside", "awake", "later"]);
});

timed(
  "C5: an item whose receiver was cancelled meanwhile is the next one's, and nothing is ahead",
  async () => {
    const log: string[] = [];
    await counting(log, 10)(3, async (items) => {
      expect(await moveOnAfter(5, () => items.receive())).toBe(undefined);
      await sleep(100);
      expect(log).toEqual(["make 1"]);
      expect([await items.receive(), currentTime()]).toEqual([1, 105]);
      expect([await items.receive(), currentTime()]).toEqual([2, 115]);
    });
  },
);

timed("several may receive: each item goes to one, to the one that waits longest", async () => {
  const got: string[] = [];
  await counting([], 1)(6, async (items) => {
    await taskGroup((group) => {
      for (const name of ["a", "b", "c"])
        group.spawn(async () => {
          for await (const n of items) got.push(`${name}${n}`);
        });
    });
  });
  expect(got.map((one) => one.slice(1)).join("")).toBe("123456");
  expect(
    got
      .map((one) => one[0])
      .toSorted()
      .join(""),
  ).toBe("aabbcc");
});

everywhere("M4: closing the stream tells who reads, and what it is asked from then on", async () => {
  const closed = (error: unknown): boolean => isError(error, "ClosedResourceError");
  let kept: ObjectReceiveStream<number> | undefined;
  await counting([])(3, async (items) => {
    kept = items;
    await items.receive();
    await taskGroup(async (group) => {
      const reading = [1, 2].map(() => group.spawn(() => errorOf(items.receive())));
      await checkpoint();
      await items.close();
      const [one, other] = await Promise.all(reading.map((task) => task.result()));
      expect([closed(one), closed(other), one === other]).toEqual([true, true, false]);
    });
    await items.close();
    expect(await errorOf(all(items))).toSatisfy(closed);
  });
  expect(await errorOf(kept?.receive() ?? Promise.resolve())).toSatisfy(closed);
});

timed("leaving in the middle of a step cancels it; at a yield the generator ends in order", async () => {
  const log: string[] = [];
  const slow = safeChannel(async function* () {
    try {
      yield 1;
      await sleep(1_000);
      yield 2;
    } catch (error) {
      log.push(isCancelled(error) ? "cancelled" : "failed");
      throw error;
    } finally {
      log.push("clean-up");
    }
  });
  await slow(async (items) => {
    await items.receive();
    await moveOnAfter(10, () => items.receive());
  });
  expect([log, currentTime()]).toEqual([["cancelled", "clean-up"], 10]);
  await slow((items) => items.receive());
  expect([log.slice(2), currentTime()]).toEqual([["clean-up"], 10]);
});

timed("the clean-up at a yield runs under a shield, and is waited for", async () => {
  const log: string[] = [];
  const numbers = counting(log, 10);
  const use = async (items: ObjectReceiveStream<number>): Promise<void> => {
    await items.receive();
    await sleepForever();
  };
  expect(await moveOnAfter(15, () => numbers(9, use))).toBe(undefined);
  expect([log, currentTime()]).toEqual([["make 1", "clean-up"], 25]);
});

everywhere("C17: a foreign signal ends it with its reason, whatever that is", async () => {
  const controller = new AbortController();
  const reason = new AggregateError([new Error("one")], "mine");
  const call = counting([])(
    9,
    async (items) => {
      await items.receive();
      controller.abort(reason);
      await items.receive();
    },
    { signal: controller.signal },
  );
  expect(await errorOf(call)).toBe(reason);
});

everywhere("what is no generator function, and one that yields in its clean-up, is told", async () => {
  const misused = (error: unknown): boolean => isError(error, "MisuseError");
  expect(thrownBy(() => safeChannel(undefined as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => counting([])(3, undefined as never))).toBeInstanceOf(TypeError);
  const plain = safeChannel((() => 1) as never);
  expect(await errorOf(plain(() => 1))).toSatisfy(misused);
  const stubborn = safeChannel(async function* () {
    try {
      yield 1;
    } finally {
      yield 2;
    }
  });
  expect(await errorOf(stubborn((items) => items.receive()))).toSatisfy(misused);
});

test("at no point can a cancellation lose an item, begin a step unasked, or leave the generator open", async () => {
  const program = async ({ track }: EveryPoint): Promise<void> => {
    const made: number[] = [];
    const got: number[] = [];
    const numbers = safeChannel(async function* () {
      const release = track("the generator");
      try {
        for (let n = 1; n <= 4; n++) {
          made.push(n);
          await sleep(2);
          yield n;
        }
      } finally {
        await shield(() => sleep(1));
        release();
      }
    });
    await numbers(async (items) => {
      const receive = async (): Promise<void> => {
        for await (const n of items) got.push(n);
      };
      await taskGroup((group) => {
        group.spawn(receive);
        group.spawn(() => moveOnAfter(3, receive));
        group.spawn(receive);
      });
      expect(got.toSorted()).toEqual(made);
    });
  };
  await cancelAtEveryPoint(program);
  expect(await deadlineAtEveryLook(program)).toBeGreaterThan(10);
});
