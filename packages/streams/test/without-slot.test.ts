// Streams on a runtime without an ambient context, as browsers are: by `{ signal }`; and outside any `run` (F4).
import { isError, sleep } from "@arborio/core";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { moveOnAfter } from "@arborio/cancellation";
import {
  createBroadcastStream,
  createMemoryByteStreams,
  createMemoryObjectStream,
  createWorkQueue,
  merge,
  tee,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

describe("without an ambient slot", () => {
  const warn = vi.spyOn(console, "warn");
  beforeAll(() => setAmbientSlot(null));
  afterAll(() => setAmbientSlot(undefined));
  beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
  afterAll(() => warn.mockRestore());

  timed("C17: each wait ends by the signal of a scope of ours", async () => {
    const [full] = createMemoryObjectStream<number>(0);
    const [, empty] = createMemoryObjectStream<number>(0);
    const [work] = createWorkQueue<number>();
    work.sendNowait(1);
    const broadcast = createBroadcastStream<number>(1);
    broadcast.subscribe();
    broadcast.sendNowait(1);
    const [bytes] = createMemoryByteStreams(1);
    const waits: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => full.send(1, { signal }),
      (signal) => empty.receive({ signal }),
      (signal) => work.join({ signal }),
      (signal) => broadcast.send(1, { signal }),
      (signal) => bytes.receive(1, { signal }),
      (signal) => bytes.send(Uint8Array.of(1, 2), { signal }),
      (signal) => merge(empty).receive({ signal }),
      (signal) => tee(empty)[0]!.receive({ signal }),
    ];
    for (const wait of waits) {
      const cut = await moveOnAfter(10, async ({ signal }) => {
        await sleep(1, { signal });
        await wait(signal);
        return "not cut";
      });
      expect(cut).toBe(undefined);
    }
    expect(warn.mock.calls).toEqual([]);
  });

  timed("M1: a stream between tasks that are given their signals", async () => {
    const [send, receive] = createMemoryObjectStream<number>(1);
    const received: number[] = [];
    await taskGroup(async (group) => {
      group.spawn(async ({ signal }) => {
        for (let item = 0; item < 5; item++) await send.send(item, { signal });
        send.closeForcefully();
      });
      group.spawn(async ({ signal }) => {
        for (;;) received.push(await receive.receive({ signal }));
      });
    }).catch((error: unknown) =>
      expect(error).toMatchObject({ errors: [expect.toSatisfy((e) => isError(e, "EndOfStream"))] }),
    );
    expect(received).toEqual([0, 1, 2, 3, 4]);
    expect(warn.mock.calls).toEqual([]);
  });
});

describe("outside any run", () => {
  test("F4: object streams hand over, wait, and end", async () => {
    const [send, receive] = createMemoryObjectStream<number>(0);
    const received: number[] = [];
    const consuming = (async () => {
      for await (const item of receive) received.push(item);
    })();
    for (let item = 0; item < 5; item++) await send.send(item);
    await send.close();
    await consuming;
    expect(received).toEqual([0, 1, 2, 3, 4]);
    expect(await moveOnAfter(5, () => createMemoryObjectStream(0)[1].receive())).toBe(undefined);
  });

  test("F4: work queues, broadcasts, byte streams, merge and tee", async () => {
    const [send, receive] = createWorkQueue<number>();
    const joined = send.send(1).then(() => send.join());
    await receive.receive();
    receive.taskDone();
    await joined;
    const broadcast = createBroadcastStream<number>(1);
    const heard = broadcast.subscribe().receive();
    await broadcast.send(7);
    expect(await heard).toBe(7);
    const [one, other] = createMemoryByteStreams(0);
    const bytes = other.receive();
    await one.send(Uint8Array.of(3));
    expect([...(await bytes)]).toEqual([3]);
    const subscription = broadcast.subscribe();
    await broadcast.send(8);
    await broadcast.close();
    const [branch] = tee(merge(subscription), 1);
    expect(await branch!.receive()).toBe(8);
    expect(isError(await errorOf(branch!.receive()), "EndOfStream")).toBe(true);
  });

  test("a floating receive that is cancelled is no unhandled rejection, under a loop of it", async () => {
    const [, receive] = createMemoryObjectStream<number>(0);
    await moveOnAfter(1, async () => {
      void receive.receive();
      void receive[Symbol.asyncIterator]().next();
      await sleep(100);
    });
    await sleep(5);
  });
});
