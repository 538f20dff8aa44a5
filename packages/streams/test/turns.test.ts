// Which turn a call ends in (C3).
import { checkpoint } from "@arborio/core";
import {
  createBroadcastStream,
  createMemoryByteStreams,
  createMemoryObjectStream,
  createWorkQueue,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";
import { turnsOf } from "../../testing/test/count-turns.ts";

const filled = (): [() => Promise<unknown>, () => Promise<unknown>][] => {
  const [send, receive] = createMemoryObjectStream<number>(2);
  send.sendNowait(1);
  const [work, done] = createWorkQueue<number>();
  work.sendNowait(1);
  const broadcast = createBroadcastStream<number>(2);
  const subscription = broadcast.subscribe();
  broadcast.sendNowait(1);
  const [bytes, others] = createMemoryByteStreams();
  void bytes.send(Uint8Array.of(1));
  return [
    [() => send.send(2), () => receive.receive()],
    [() => work.send(2), () => done.receive()],
    [() => broadcast.send(2), () => subscription.receive()],
    [() => bytes.send(Uint8Array.of(2)), () => others.receive()],
  ];
};

test("C3: send and receive yield one turn, then look and act, and do not yield again", async () => {
  for (const [send, receive] of filled())
    expect([await turnsOf(send), await turnsOf(receive)]).toEqual([1, 1]);
});

test("C3: so does one that fails: closed, broken or ended", async () => {
  const [send, receive] = createMemoryObjectStream<number>(2);
  await send.close();
  const failing = (wait: () => Promise<unknown>) => (): Promise<unknown> => wait().catch(() => undefined);
  expect(await turnsOf(failing(() => send.send(1)))).toBe(1);
  expect(await turnsOf(failing(() => receive.receive()))).toBe(1);
});

test("C3: in a cancelled scope they do nothing, and throw in the turn after the one they yielded", async () => {
  for (const [send, receive] of filled())
    expect([await turnsOf(send, true), await turnsOf(receive, true)]).toEqual([2, 2]);
});

test("C3: who had to wait goes on in the turn after the one in which it was handed over", async () => {
  const [send, receive] = createMemoryObjectStream<number>(0);
  const rendezvous = (): Promise<void> =>
    taskGroup(async (group) => {
      group.spawn(() => send.send(1));
      await receive.receive();
    });
  const empty = (): Promise<void> =>
    taskGroup(async (group) => {
      group.spawn(() => checkpoint());
      await checkpoint();
    });
  // Both begin in the first turn; the receiver, first to look, waits for the sender that comes a turn later.
  expect((await turnsOf(rendezvous)) - (await turnsOf(empty))).toBeLessThanOrEqual(1);
});

test("C3: join of a work queue with nothing left to do is a checkpoint", async () => {
  const [work] = createWorkQueue<number>();
  expect([await turnsOf(() => work.join()), await turnsOf(() => work.join(), true)]).toEqual([1, 2]);
});
