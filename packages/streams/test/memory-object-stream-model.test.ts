// Memory object streams under any calls, beside a model that is lists.
import fc from "fast-check";
import { isError, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import {
  createMemoryObjectStream,
  lifoOrder,
  priorityOrder,
  type ItemOrder,
  type MemoryObjectReceiveStream,
  type MemoryObjectSendStream,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";

type Op =
  | "send"
  | "receive"
  | "sendNow"
  | "receiveNow"
  | "cancel"
  | "cloneSend"
  | "cloneReceive"
  | "closeSend"
  | "closeReceive";

interface Step {
  readonly op: Op;
  /** Which end, or which of those that wait, counted around. */
  readonly at: number;
  readonly rank: number;
}

const weights: Record<Op, number> = {
  send: 6,
  receive: 6,
  sendNow: 3,
  receiveNow: 3,
  cancel: 4,
  cloneSend: 2,
  cloneReceive: 2,
  closeSend: 1,
  closeReceive: 1,
};

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.oneof(
    ...(Object.entries(weights) as [Op, number][]).map(([op, weight]) => ({
      weight,
      arbitrary: fc.constant(op),
    })),
  ),
  at: fc.nat(50),
  rank: fc.nat(3),
});

interface Item {
  readonly id: number;
  readonly rank: number;
}

const orders: Record<string, { order: ItemOrder<Item> | undefined; next: (items: Item[]) => number }> = {
  fifo: { order: undefined, next: () => 0 },
  lifo: { order: lifoOrder, next: (items) => items.length - 1 },
  priority: {
    order: priorityOrder<Item>((a, b) => a.rank - b.rank),
    next: (items) => items.findIndex(({ rank }) => rank === Math.min(...items.map((item) => item.rank))),
  },
};

interface Pending {
  readonly id: number;
  readonly end: number;
  readonly scope: CancelScope;
  readonly item?: Item;
}

const nameOf = (error: unknown): string =>
  ["EndOfStream", "ClosedResourceError", "BrokenResourceError", "WouldBlock"].find((name) =>
    isError(error, name as "WouldBlock"),
  ) ?? String(error);

/** What each call comes to, and what the statistics say, after each step. */
class Run {
  readonly #size: number;
  readonly #next: (items: Item[]) => number;
  readonly #sends: { end: MemoryObjectSendStream<Item>; open: boolean }[];
  readonly #receives: { end: MemoryObjectReceiveStream<Item>; open: boolean }[];
  readonly #outcomes: Promise<unknown>[] = [];
  readonly #expected: unknown[] = [];
  #buffer: Item[] = [];
  #peak = 0;
  #senders: Pending[] = [];
  #receivers: Pending[] = [];
  #items = 0;

  constructor(size: number, name: string) {
    const { order, next } = orders[name]!;
    const [send, receive] = createMemoryObjectStream<Item>(size, { order });
    this.#size = size;
    this.#next = next;
    this.#sends = [{ end: send, open: true }];
    this.#receives = [{ end: receive, open: true }];
  }

  async take(steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      this.#ops[one.op](one);
      await waitAllTasksBlocked();
      this.#compare();
    }
    for (const { end } of [...this.#sends, ...this.#receives]) end.closeForcefully();
    for (const { id } of [...this.#senders, ...this.#receivers]) this.#expected[id] = "ClosedResourceError";
    // In the order of closing: with the last send end the other side's waits end.
    if (this.#receivers.length > 0) for (const { id } of this.#receivers) this.#expected[id] = "EndOfStream";
    expect(await Promise.all(this.#outcomes)).toEqual(this.#expected);
  }

  readonly #ops: Record<Op, (step: Step) => void> = {
    send: ({ at, rank }) => {
      const item = { id: this.#items++, rank };
      const end = at % this.#sends.length;
      const pending = this.#start(end, () => this.#sends[end]!.end.send(item).then(() => "sent"), item);
      const fault = this.#sendFault(end);
      if (fault !== undefined) this.#expected[pending.id] = fault;
      else if (this.#put(item)) this.#expected[pending.id] = "sent";
      else this.#senders.push(pending);
    },
    receive: ({ at }) => {
      const end = at % this.#receives.length;
      const pending = this.#start(end, () => this.#receives[end]!.end.receive());
      const outcome = this.#takeOne(end);
      if (outcome === "WouldBlock") this.#receivers.push(pending);
      else this.#expected[pending.id] = outcome;
    },
    sendNow: ({ at, rank }) => {
      const item = { id: this.#items++, rank };
      const end = at % this.#sends.length;
      const expected = this.#sendFault(end) ?? (this.#put(item) ? "sent" : "WouldBlock");
      expect(outcomeOf(() => (this.#sends[end]!.end.sendNowait(item), "sent"))).toEqual(expected);
    },
    receiveNow: ({ at }) => {
      const end = at % this.#receives.length;
      const expected = this.#takeOne(end);
      expect(outcomeOf(() => this.#receives[end]!.end.receiveNowait())).toEqual(expected);
    },
    cancel: ({ at }) => {
      const all = [...this.#senders, ...this.#receivers];
      const pending = all[at % all.length];
      if (pending === undefined) return;
      pending.scope.cancel();
      this.#expected[pending.id] = "cancelled";
      this.#senders = this.#senders.filter((one) => one !== pending);
      this.#receivers = this.#receivers.filter((one) => one !== pending);
    },
    cloneSend: ({ at }) => clone(this.#sends, at),
    cloneReceive: ({ at }) => clone(this.#receives, at),
    closeSend: ({ at }) => {
      this.#senders = this.#close(this.#sends, at, this.#senders);
      if (this.#sends.every(({ open }) => !open))
        this.#receivers = this.#fail(this.#receivers, "EndOfStream");
    },
    closeReceive: ({ at }) => {
      this.#receivers = this.#close(this.#receives, at, this.#receivers);
      if (this.#receives.some(({ open }) => open)) return;
      this.#buffer = [];
      this.#senders = this.#fail(this.#senders, "BrokenResourceError");
    },
  };

  #start(end: number, wait: () => Promise<unknown>, item?: Item): Pending {
    const scope = new CancelScope();
    const outcome = scope.run(wait).then((value) => value ?? "cancelled", nameOf);
    const id = this.#outcomes.push(outcome) - 1;
    this.#expected.push(undefined);
    return { id, end, scope, ...(item === undefined ? {} : { item }) };
  }

  #sendFault(end: number): string | undefined {
    if (!this.#sends[end]!.open) return "ClosedResourceError";
    return this.#receives.every(({ open }) => !open) ? "BrokenResourceError" : undefined;
  }

  #put(item: Item): boolean {
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) this.#expected[receiver.id] = item;
    else if (this.#buffer.length < this.#size) {
      this.#buffer.push(item);
      this.#peak = Math.max(this.#peak, this.#buffer.length);
    } else return false;
    return true;
  }

  #takeOne(end: number): unknown {
    if (!this.#receives[end]!.open) return "ClosedResourceError";
    if (this.#buffer.length === 0 && this.#senders.length === 0)
      return this.#sends.every(({ open }) => !open) ? "EndOfStream" : "WouldBlock";
    const [item] = this.#buffer.splice(this.#next(this.#buffer), 1);
    const sender = this.#senders.shift();
    if (sender === undefined) return item;
    this.#expected[sender.id] = "sent";
    if (item === undefined) return sender.item;
    this.#buffer.push(sender.item!);
    return item;
  }

  #close(
    ends: { end: { close(): Promise<void> }; open: boolean }[],
    at: number,
    waiting: Pending[],
  ): Pending[] {
    const index = at % ends.length;
    void ends[index]!.end.close();
    ends[index]!.open = false;
    this.#fail(
      waiting.filter(({ end }) => end === index),
      "ClosedResourceError",
    );
    return waiting.filter(({ end }) => end !== index);
  }

  #fail(waiting: readonly Pending[], how: string): Pending[] {
    for (const { id } of waiting) this.#expected[id] = how;
    return [];
  }

  #compare(): void {
    expect(this.#sends[0]!.end.statistics()).toEqual({
      bufferUsed: this.#buffer.length,
      bufferPeak: this.#peak,
      bufferSize: this.#size,
      openSendEnds: this.#sends.filter(({ open }) => open).length,
      openReceiveEnds: this.#receives.filter(({ open }) => open).length,
      tasksWaitingSend: this.#senders.length,
      tasksWaitingReceive: this.#receivers.length,
    });
  }
}

function outcomeOf(fn: () => unknown): unknown {
  try {
    return fn();
  } catch (error) {
    return nameOf(error);
  }
}

function clone<E extends { clone(): E }>(ends: { end: E; open: boolean }[], at: number): void {
  const { end, open } = ends[at % ends.length]!;
  const outcome = outcomeOf(() => ends.push({ end: end.clone(), open: true }));
  if (!open) expect(outcome).toBe("ClosedResourceError");
}

for (const order of Object.keys(orders)) {
  everywhere(`M1, M2, M3, M7: a stream under any calls is its model, ${order}`, async () => {
    const check = (size: number, steps: readonly Step[]): Promise<void> => new Run(size, order).take(steps);
    const property = fc.asyncProperty(fc.nat(3), fc.array(step, { maxLength: 40 }), check);
    await fc.assert(property, { numRuns: 300, seed: 1 });
  });
}

const traffic = fc.record({
  size: fc.nat(4),
  producers: fc.array(fc.array(fc.nat(3), { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
  consumers: fc.array(fc.record({ pause: fc.nat(2), cutAt: fc.nat(20) }), { minLength: 1, maxLength: 4 }),
});

timed(
  "C5, M7: whatever is cancelled when, each item that was sent is received once, and in order",
  async () => {
    const check = async ({
      size,
      producers,
      consumers,
    }: typeof traffic extends fc.Arbitrary<infer T> ? T : never): Promise<void> => {
      const [send, receive] = createMemoryObjectStream<[producer: number, index: number]>(size);
      const sent: string[] = [];
      const received: string[][] = [];
      await taskGroup(async (group) => {
        producers.forEach((pauses, producer) => {
          const own = send.clone();
          group.spawn(async () => {
            using end = own;
            for (const [index, pause] of pauses.entries()) {
              if (pause > 0) await sleep(pause);
              const scope = new CancelScope({ timeout: pause + 1 });
              await scope.run(() =>
                end.send([producer, index]).then(() => sent.push(`${producer}.${index}`)),
              );
            }
          });
        });
        consumers.forEach(({ pause, cutAt }) =>
          group.spawn(async () => {
            using end = receive.clone();
            const mine: string[] = [];
            received.push(mine);
            const scope = new CancelScope({ timeout: cutAt });
            await scope.run(async () => {
              for await (const [producer, index] of end) {
                mine.push(`${producer}.${index}`);
                if (pause > 0) await sleep(pause);
              }
            });
          }),
        );
        send.closeForcefully();
        const rest: string[] = [];
        received.push(rest);
        await sleep(30);
        for await (const [producer, index] of receive) rest.push(`${producer}.${index}`);
      });
      expect(received.flat().sort()).toEqual(sent.sort());
      for (const mine of received)
        for (let producer = 0; producer < producers.length; producer++) {
          const indices = mine
            .filter((id) => id.startsWith(`${producer}.`))
            .map((id) => Number(id.split(".")[1]));
          expect(indices).toEqual(indices.toSorted((a, b) => a - b));
        }
    };
    await fc.assert(fc.asyncProperty(traffic, check), { numRuns: 300, seed: 2 });
  },
);
