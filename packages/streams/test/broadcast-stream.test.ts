import fc from "fast-check";
import { isError, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { createBroadcastStream, type Laggards, type MemoryObjectReceiveStream } from "@arborio/streams";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const named = (name: string) => (error: unknown) => isError(error, name as "EndOfStream");

async function drained<T>(receive: MemoryObjectReceiveStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of receive) items.push(item);
  return items;
}

everywhere("each receiver gets each item that was sent while it was one", async () => {
  const stream = createBroadcastStream<string>(4);
  await stream.send("nobody hears it");
  const one = stream.subscribe();
  await stream.send("a");
  const other = stream.subscribe();
  await stream.send("b");
  await stream.close();
  expect([await drained(one), await drained(other)]).toEqual([["a", "b"], ["b"]]);
});

everywhere("a receiver that waits is handed the item; of clones each item goes to one", async () => {
  const stream = createBroadcastStream<string>(1);
  const one = stream.subscribe();
  const clone = one.clone();
  const waits = [one.receive(), clone.receive(), stream.subscribe().receive()];
  await waitAllTasksBlocked();
  stream.sendNowait("a");
  stream.sendNowait("b");
  const [mine, shared, other] = await Promise.all(waits);
  expect([[mine, shared].sort(), other]).toEqual([["a", "b"], "a"]);
});

everywhere("laggards are waited for by default, senders in their order", async () => {
  const stream = createBroadcastStream<number>(1);
  const [slow, fast] = [stream.subscribe(), stream.subscribe()];
  stream.sendNowait(1);
  expect(fast.receiveNowait()).toBe(1);
  const sends = [stream.send(2)];
  await waitAllTasksBlocked();
  sends.push(stream.send(3));
  await waitAllTasksBlocked();
  expect(thrownBy(() => stream.sendNowait(4))).toSatisfy(named("WouldBlock"));
  expect(stream.statistics()).toEqual({ receivers: 2, bufferUsed: 1, bufferSize: 1, tasksWaitingSend: 2 });
  expect([slow.receiveNowait(), fast.receiveNowait(), slow.receiveNowait()]).toEqual([1, 2, 2]);
  expect([slow.receiveNowait(), fast.receiveNowait()]).toEqual([3, 3]);
  await Promise.all(sends);
});

everywhere("closing the laggard, all its clones, lets senders go on", async () => {
  const stream = createBroadcastStream<number>(1);
  const [slow, fast] = [stream.subscribe(), stream.subscribe()];
  const clone = slow.clone();
  stream.sendNowait(1);
  fast.receiveNowait();
  const send = stream.send(2);
  await waitAllTasksBlocked();
  slow.closeForcefully();
  expect(stream.statistics().tasksWaitingSend).toBe(1);
  clone.closeForcefully();
  await send;
  expect([await fast.receive(), stream.statistics().receivers]).toEqual([2, 1]);
});

everywhere("a laggard that is closed lets in as many senders as now have room, in order", async () => {
  const stream = createBroadcastStream<number>(2);
  const [slow, fast] = [stream.subscribe(), stream.subscribe()];
  for (const item of [1, 2]) {
    stream.sendNowait(item);
    fast.receiveNowait();
  }
  const sends: Promise<void>[] = [];
  for (const item of [3, 4, 5]) {
    sends.push(stream.send(item));
    await waitAllTasksBlocked();
  }
  slow.closeForcefully();
  expect(stream.statistics()).toMatchObject({ bufferUsed: 2, tasksWaitingSend: 1 });
  const received = [await fast.receive(), await fast.receive(), await fast.receive()];
  await Promise.all(sends);
  expect(received).toEqual([3, 4, 5]);
});

everywhere("dropOldest: a laggard loses its oldest items", async () => {
  const stream = createBroadcastStream<number>(2, { laggards: "dropOldest" });
  const receive = stream.subscribe();
  for (const item of [1, 2, 3, 4]) await stream.send(item);
  await stream.close();
  expect(await drained(receive)).toEqual([3, 4]);
});

everywhere("fail: a laggard has lost all, and is told by BrokenResourceError; the others go on", async () => {
  const stream = createBroadcastStream<number>(1, { laggards: "fail" });
  const [slow, fast] = [stream.subscribe(), stream.subscribe()];
  stream.sendNowait(1);
  fast.receiveNowait();
  stream.sendNowait(2);
  expect(stream.statistics().receivers).toBe(1);
  for (let times = 0; times < 2; times++) {
    expect(await errorOf(slow.receive())).toSatisfy(named("BrokenResourceError"));
    expect(thrownBy(() => slow.receiveNowait())).toSatisfy(named("BrokenResourceError"));
  }
  slow.closeForcefully();
  expect(await fast.receive()).toBe(2);
});

everywhere("M7: a cancelled send has sent to nobody", async () => {
  const stream = createBroadcastStream<number>(1);
  const [slow, fast] = [stream.subscribe(), stream.subscribe()];
  stream.sendNowait(1);
  fast.receiveNowait();
  const scope = new CancelScope();
  const cut = scope.run(() => stream.send(2));
  await waitAllTasksBlocked();
  scope.cancel();
  await cut;
  slow.receiveNowait();
  for (const receive of [slow, fast])
    expect(thrownBy(() => receive.receiveNowait())).toSatisfy(named("WouldBlock"));
});

everywhere(
  "M4, M5: closed, it sends and subscribes no more; who waits to send is told, who waits to receive is at the end",
  async () => {
    const stream = createBroadcastStream<number>(1);
    const [full, empty] = [stream.subscribe(), stream.subscribe()];
    stream.sendNowait(1);
    empty.receiveNowait();
    const waits = [errorOf(stream.send(2)), errorOf(empty.receive())];
    await waitAllTasksBlocked();
    await stream.close();
    stream.closeForcefully();
    stream[Symbol.dispose]();
    await stream[Symbol.asyncDispose]();
    const [sending, receiving] = await Promise.all(waits);
    expect(sending).toSatisfy(named("ClosedResourceError"));
    expect(receiving).toSatisfy(named("EndOfStream"));
    expect(await errorOf(stream.send(3))).toSatisfy(named("ClosedResourceError"));
    expect(thrownBy(() => stream.subscribe())).toSatisfy(named("ClosedResourceError"));
    expect(await drained(full)).toEqual([1]);
  },
);

everywhere("bad arguments are errors at once", () => {
  for (const size of [0, -1, 1.5, NaN])
    expect(thrownBy(() => createBroadcastStream(size))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => createBroadcastStream(1, { laggards: "drop" as Laggards }))).toBeInstanceOf(
    TypeError,
  );
});

type Op = "send" | "now" | "receive" | "receiveNow" | "subscribe" | "leave" | "cancel";
const step = fc.record({
  op: fc.constantFrom<Op>(
    "send",
    "send",
    "now",
    "receive",
    "receive",
    "receiveNow",
    "subscribe",
    "leave",
    "cancel",
  ),
  at: fc.nat(20),
});

interface Subscriber {
  readonly end: MemoryObjectReceiveStream<number>;
  /** What it is to receive, and what it has. */
  queue: number[];
  readonly got: number[];
  lost: boolean;
}

for (const laggards of ["wait", "dropOldest", "fail"] as const) {
  everywhere(
    `a broadcast under any calls gives each receiver all in order, laggards: ${laggards}`,
    async () => {
      const check = async (size: number, steps: readonly { op: Op; at: number }[]): Promise<void> => {
        const stream = createBroadcastStream<number>(size, { laggards });
        const subscribers: Subscriber[] = [];
        const pending: { scope: CancelScope; item: number; done: Promise<unknown> }[] = [];
        let next = 0;
        const room = (): boolean =>
          laggards !== "wait" || subscribers.every(({ queue }) => queue.length < size);
        const deliver = (item: number): void => {
          for (const one of subscribers.filter(({ lost }) => !lost)) {
            if (one.queue.length >= size && laggards === "fail") [one.lost, one.queue] = [true, []];
            else if (one.queue.push(item) > size) one.queue.shift();
          }
        };
        const admit = (): void => {
          while (pending.length > 0 && room()) deliver(pending.shift()!.item);
        };
        const act: Record<Op, (at: number) => void> = {
          send: () => {
            const [scope, item] = [new CancelScope(), next++];
            const done = scope.run(() => stream.send(item));
            if (room()) deliver(item);
            else pending.push({ scope, item, done });
          },
          now: () => {
            const item = next++;
            if (room()) {
              stream.sendNowait(item);
              deliver(item);
            } else expect(thrownBy(() => stream.sendNowait(item))).toSatisfy(named("WouldBlock"));
          },
          receive: (at) => {
            const one = subscribers[at % subscribers.length];
            if (one === undefined || one.queue.length === 0) return;
            void one.end.receive().then((item) => one.got.push(item));
            one.queue.shift();
            admit();
          },
          receiveNow: (at) => {
            const one = subscribers[at % subscribers.length];
            if (one === undefined) return;
            if (one.queue.length > 0) expect(one.end.receiveNowait()).toBe(one.queue.shift());
            else
              expect(thrownBy(() => one.end.receiveNowait())).toSatisfy(
                named(one.lost ? "BrokenResourceError" : "WouldBlock"),
              );
            admit();
          },
          subscribe: () =>
            void (
              subscribers.length < 4 &&
              subscribers.push({ end: stream.subscribe(), queue: [], got: [], lost: false })
            ),
          leave: (at) => {
            for (const one of subscribers.splice(at % 7, 1)) one.end.closeForcefully();
            admit();
          },
          cancel: (at) => {
            for (const one of pending.splice(at % 5, 1)) one.scope.cancel();
          },
        };
        for (const { op, at } of steps) {
          act[op](at);
          await waitAllTasksBlocked();
          expect(stream.statistics()).toEqual({
            receivers: subscribers.filter(({ lost }) => !lost).length,
            bufferUsed: Math.max(0, ...subscribers.map(({ queue }) => queue.length)),
            bufferSize: size,
            tasksWaitingSend: pending.length,
          });
          for (const { end, queue } of subscribers) expect(end.statistics().bufferUsed).toBe(queue.length);
        }
        for (const { scope } of pending) scope.cancel();
        await stream.close();
        for (const { end, queue, lost, got } of subscribers) {
          if (!lost) expect(await drained(end)).toEqual(queue);
          expect(got).toEqual(got.toSorted((a, b) => a - b));
        }
      };
      const property = fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 30 }),
        check,
      );
      await fc.assert(property, { numRuns: 300, seed: 1 });
    },
  );
}
