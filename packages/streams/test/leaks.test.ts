import { run } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import {
  createBroadcastStream,
  createMemoryByteStreams,
  createMemoryObjectStream,
  createWorkQueue,
  merge,
} from "@arborio/streams";
import { expect, test } from "vitest";
import { growth, MOST } from "../../testing/test/heap-growth.ts";

/** A signal that counts its listeners. */
function countingSignal(): { signal: AbortSignal; listeners: () => number } {
  const { signal } = new AbortController();
  let count = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: unknown[]) => (count++, (add as (...all: unknown[]) => void)(...args));
  signal.removeEventListener = (...args: unknown[]) => (
    count--,
    (remove as (...all: unknown[]) => void)(...args)
  );
  return { signal, listeners: () => count };
}

test(
  "F3: 1e5 cancelled waits of each kind leave the heap flat, and no listener on a long-lived signal",
  { timeout: 120_000 },
  async () => {
    const [full] = createMemoryObjectStream<number>(0);
    const [, empty] = createMemoryObjectStream<number>(0);
    const [work] = createWorkQueue<number>();
    work.sendNowait(1);
    const broadcast = createBroadcastStream<number>(1);
    broadcast.subscribe();
    broadcast.sendNowait(1);
    const [bytes] = createMemoryByteStreams();
    const { signal, listeners } = countingSignal();
    const waits: (() => Promise<unknown>)[] = [
      () => full.send(1, { signal }),
      () => empty.receive({ signal }),
      () => work.join({ signal }),
      () => broadcast.send(1, { signal }),
      () => bytes.receive(1, { signal }),
    ];
    await run(async () => {
      for (const wait of waits) {
        // Not cancelled before it waits: the wait is entered, then cut by the scope in the same step.
        const step = (): Promise<unknown> =>
          moveOnAfter(1e6, (scope) => {
            const waiting = wait();
            scope.cancel();
            return waiting;
          });
        expect(await growth(1e5, step)).toBeLessThan(MOST);
        expect(listeners()).toBe(0);
      }
    });
    expect([full, empty, work].map((end) => end.statistics())).toEqual(
      [full, empty, work].map((): unknown =>
        expect.objectContaining({ tasksWaitingSend: 0, tasksWaitingReceive: 0 }),
      ),
    );
  },
);

test(
  "F3: a merge of streams that are never served keeps nothing of its cancelled receivers",
  { timeout: 60_000 },
  async () => {
    const [, receive] = createMemoryObjectStream<number>(0);
    await run(async () => {
      const merged = merge(receive);
      expect(await growth(1e5, () => moveOnAfter(-1, () => merged.receive()))).toBeLessThan(MOST);
      await merged.close();
    });
  },
);

test("1e6 items through a buffer that never runs empty keep none of them", { timeout: 60_000 }, async () => {
  const [send, receive] = createMemoryObjectStream<Uint8Array>(8);
  await run(async () => {
    send.sendNowait(new Uint8Array(64));
    const step = async (): Promise<void> => {
      await send.send(new Uint8Array(64));
      await receive.receive();
    };
    expect(await growth(1e6, step)).toBeLessThan(MOST);
    expect(send.statistics()).toMatchObject({ bufferUsed: 1, bufferPeak: 2 });
  });
});

test("F3: 1e5 waits that are served leave the heap flat, at either end", { timeout: 60_000 }, async () => {
  const [send, receive] = createMemoryObjectStream<number>(0);
  let waited = 0;
  const step = async (): Promise<void> => {
    const receiving = receive.receive();
    waited += send.statistics().tasksWaitingReceive;
    await send.send(1);
    await receiving;
    const sending = send.send(2);
    waited += send.statistics().tasksWaitingSend;
    await receive.receive();
    await sending;
  };
  await run(async () => expect(await growth(1e5, step)).toBeLessThan(MOST));
  expect(waited).toBeGreaterThan(1e5);
});

test("clones that come and go leave nothing", { timeout: 60_000 }, async () => {
  const [send, receive] = createMemoryObjectStream<number>(1);
  const step = async (): Promise<void> => {
    using one = send.clone();
    using other = receive.clone();
    one.sendNowait(1);
    other.receiveNowait();
  };
  expect(await growth(1e5, step)).toBeLessThan(MOST);
  expect(send.statistics()).toMatchObject({ openSendEnds: 1, openReceiveEnds: 1 });
});
