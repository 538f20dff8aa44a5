import fc from "fast-check";
import { isError, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { createMemoryObjectStream, merge } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

const named = (name: string) => (error: unknown) => isError(error, name as "EndOfStream");

async function drained<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

timed("items come as the sources have them, until all have ended", async () => {
  async function* every(ms: number, times: number): AsyncGenerator<string, void, undefined> {
    for (let time = 1; time <= times; time++) {
      await sleep(ms);
      yield `${ms}.${time}`;
    }
  }
  expect(await drained(merge(every(20, 2), every(30, 2)))).toEqual(["20.1", "30.1", "20.2", "30.2"]);
});

everywhere("streams and iterables can be merged; none, one, and ended ones too", async () => {
  async function* letters(): AsyncGenerator<string, void, undefined> {
    yield* ["a", "b"];
  }
  const [send, receive] = createMemoryObjectStream<string>(2);
  send.sendNowait("1");
  send.sendNowait("2");
  send.closeForcefully();
  expect((await drained(merge<string>(letters(), receive))).sort()).toEqual(["1", "2", "a", "b"]);
  expect(await drained(merge())).toEqual([]);
  expect(await errorOf(merge(receive).receive())).toSatisfy(named("EndOfStream"));
});

everywhere("a source is asked when one waits, and one item ahead at most", async () => {
  const [send, receive] = createMemoryObjectStream<number>(9);
  for (let item = 0; item < 9; item++) send.sendNowait(item);
  const [quick, quicker] = createMemoryObjectStream<number>(1);
  quick.sendNowait(100);
  const merged = merge(receive, quicker);
  await waitAllTasksBlocked();
  expect(send.statistics().bufferUsed).toBe(9);
  await merged.receive();
  await waitAllTasksBlocked();
  expect(send.statistics().bufferUsed).toBe(8);
  await merged.close();
});

everywhere("C5: what a source brings for a cancelled receive goes to the next", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const merged = merge(receive);
  const scope = new CancelScope();
  const cut = scope.run(() => merged.receive());
  await waitAllTasksBlocked();
  scope.cancel();
  await cut;
  send.sendNowait("a");
  await waitAllTasksBlocked();
  expect(await merged.receive()).toBe("a");
});

everywhere("several may wait; each gets another item, in their order", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const merged = merge(receive);
  const first = merged.receive();
  await waitAllTasksBlocked();
  const second = merged.receive();
  await waitAllTasksBlocked();
  await send.send("a");
  await send.send("b");
  expect([await first, await second]).toEqual(["a", "b"]);
  await merged.close();
});

everywhere("a source's error is thrown once, also if nobody waited; the others go on", async () => {
  const boom = new Error("boom");
  const bad = (async function* () {
    yield* [];
    throw boom;
  })();
  const [send, receive] = createMemoryObjectStream<string>(1);
  const merged = merge<string>(bad, receive);
  expect(await errorOf(merged.receive())).toBe(boom);
  send.sendNowait("a");
  expect(await merged.receive()).toBe("a");
  await receive.close();
  expect(await errorOf(merged.receive())).toSatisfy(named("ClosedResourceError"));
  expect(await errorOf(merged.receive())).toSatisfy(named("EndOfStream"));
});

everywhere("M4, M5: closed, it ends what it waits for, and the iterators; streams stay open", async () => {
  const log: string[] = [];
  const endless = (async function* () {
    try {
      for (let item = 0; ; item++) yield item;
    } finally {
      log.push("ended");
    }
  })();
  const [send, receive] = createMemoryObjectStream<number>(0);
  const merged = merge(endless, receive);
  await merged.receive();
  const quiet = merge(receive);
  const waiting = errorOf(quiet.receive());
  await waitAllTasksBlocked();
  for (const stream of [merged, quiet]) {
    await stream.close();
    stream.closeForcefully();
    await stream[Symbol.asyncDispose]();
  }
  expect(await waiting).toSatisfy(named("ClosedResourceError"));
  expect(await errorOf(merged.receive())).toSatisfy(named("ClosedResourceError"));
  await waitAllTasksBlocked();
  expect([log, send.statistics().tasksWaitingReceive]).toEqual([["ended"], 0]);
  const next = receive.receive();
  await waitAllTasksBlocked();
  send.sendNowait(7);
  expect(await next).toBe(7);
});

timed(
  "made in a scope that was cancelled, it says so to who waits elsewhere, and goes on in the scope around",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(0);
    await taskGroup(async (group) => {
      const scope = new CancelScope();
      const merged = await scope.run(async () => {
        const made = merge(receive);
        group.spawn(async () =>
          expect(await errorOf(made.receive())).toSatisfy(named("BrokenResourceError")),
        );
        await sleep(1);
        scope.cancel();
        return made;
      });
      await sleep(1);
      const next = merged!.receive();
      await sleep(1);
      await send.send("a");
      expect(await next).toBe("a");
    });
  },
);

const traffic = fc.record({
  sources: fc.array(fc.array(fc.nat(3), { maxLength: 8 }), { minLength: 1, maxLength: 4 }),
  cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }),
});

timed("C5: whatever is cancelled when, each item comes once, those of a source in order", async () => {
  const check = async ({ sources, cuts }: { sources: number[][]; cuts: number[] }): Promise<void> => {
    async function* generator(pauses: number[], source: number): AsyncGenerator<string, void, undefined> {
      for (const [index, pause] of pauses.entries()) {
        if (pause > 0) await sleep(pause);
        yield `${source}.${index}`;
      }
    }
    const received: string[] = [];
    await taskGroup(async (group) => {
      const merged = merge(
        ...sources.map((pauses, source) => {
          if (source % 2 === 0) return generator(pauses, source);
          const [send, receive] = createMemoryObjectStream<string>(source - 1);
          group.spawn(async () => {
            for await (const item of generator(pauses, source)) await send.send(item);
            send.closeForcefully();
          });
          return receive;
        }),
      );
      for (const cut of cuts)
        await moveOnAfter(cut, async () => {
          for (;;) received.push(await merged.receive());
        }).catch((error: unknown) => expect(error).toSatisfy(named("EndOfStream")));
      received.push(...(await drained(merged)));
    });
    const all = sources.flatMap((pauses, source) => pauses.map((_, index) => `${source}.${index}`));
    expect(received.toSorted()).toEqual(all.sort());
    sources.forEach((pauses, source) => {
      const mine = received.filter((id) => id.startsWith(`${source}.`));
      expect(mine).toEqual(pauses.map((_, index) => `${source}.${index}`));
    });
  };
  await fc.assert(fc.asyncProperty(traffic, check), { numRuns: 200, seed: 1 });
});
