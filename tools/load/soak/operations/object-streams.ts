import {
  createBroadcastStream,
  createMemoryObjectStream,
  createWorkQueue,
  fromIterable,
  isError,
  lifoOrder,
  merge,
  priorityOrder,
  stapleObjectStreams,
  taskGroup,
  tee,
  type ObjectReceiveStream,
  type ObjectSendStream,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual, outcomeOf } from "../fault.ts";

interface Item {
  readonly sender: number;
  readonly number: number;
}

const SENDERS = 3;
const RECEIVERS = 3;

/** What streams of objects promise: each item comes once, or was not sent. */
export const objectStreams: readonly Operation[] = operations("objects", {
  rendezvous: (act) => channel(act, 0),
  "buffer of one": (act) => channel(act, 1),
  "buffer of eight": (act) => channel(act, 8),
  unbounded: (act) => channel(act, Infinity),
  stapled: async (act) => {
    const [send, receive] = createMemoryObjectStream<Item>(2);
    const stapled = stapleObjectStreams(send, receive);
    await passAll(act, [stapled], [stapled], () => stapled.sendEof());
  },
  orders,
  "close under a wait": closeUnderWait,
  "work queue": workQueue,
  broadcast,
  "broadcast to laggards": laggards,
  merge: merged,
  tee: teed,
  iterable,
});

async function channel(act: Act, size: number): Promise<void> {
  const [send, receive] = createMemoryObjectStream<Item>(size);
  const senders = Array.from({ length: SENDERS }, () => send.clone());
  const receivers = Array.from({ length: RECEIVERS }, () => receive.clone());
  await send.close();
  await passAll(act, senders, receivers);
  await receive.close();
  const { openReceiveEnds, openSendEnds, tasksWaitingReceive, tasksWaitingSend } = receive.statistics();
  checkEqual(tasksWaitingReceive + tasksWaitingSend, 0, "the number of waiting tasks");
  checkEqual(openSendEnds, 0, "the number of open send ends");
  checkEqual(openReceiveEnds, RECEIVERS, "the number of open receive ends");
}

/** M7, C5: an item whose send returned comes, once, in its sender's order; one whose send was cut does not. */
async function passAll(
  act: Act,
  senders: readonly ObjectSendStream<Item>[],
  receivers: readonly ObjectReceiveStream<Item>[],
  end?: () => Promise<void>,
): Promise<void> {
  const sent: Item[] = [];
  const came: Item[] = [];
  await taskGroup(async (group) => {
    const sending = senders.map((stream, sender) =>
      group.spawn(async () => {
        for (let number = 0; number < 12; number++) {
          const outcome = await act.cut((options) => stream.send({ sender, number }, options));
          if (outcome !== CUT) sent.push({ sender, number });
          if (act.random.chance(0.1)) await moment(act.random);
        }
        if (end === undefined) await stream.close();
      }),
    );
    for (const stream of receivers)
      group.spawn(async () => {
        for (const item of await drain(act, stream)) came.push(item);
      });
    for (const one of sending) await one.wait();
    await end?.();
  });
  const names = (items: readonly Item[]): string =>
    items
      .map(({ sender, number }) => `${String(sender)}.${String(number)}`)
      .toSorted()
      .join(" ");
  checkEqual(names(came), names(sent), "what came");
}

/** All items until the end, under cancels. Of each sender they must come in order. */
async function drain(act: Act, stream: ObjectReceiveStream<Item>): Promise<Item[]> {
  const items: Item[] = [];
  const last = new Map<number, number>();
  try {
    for (;;) {
      const item = await act.insist((options) => stream.receive(options));
      check((last.get(item.sender) ?? -1) < item.number, "items of one sender came out of order");
      last.set(item.sender, item.number);
      items.push(item);
      if (act.random.chance(0.1)) await moment(act.random);
    }
  } catch (error) {
    if (!isError(error, "EndOfStream")) throw error;
    return items;
  }
}

async function orders(act: Act): Promise<void> {
  const order = act.random.chance(0.5)
    ? lifoOrder<number>
    : priorityOrder<number>((one, other) => other - one);
  const [send, receive] = createMemoryObjectStream<number>(5, { order });
  let sent = 0;
  for (let number = 0; number < 5; number++) {
    const outcome = await act.cut((options) => send.send(number, options));
    if (outcome !== CUT) sent++;
  }
  await send.close();
  let last = Infinity;
  for (; sent > 0; sent--) {
    const item = await act.insist((options) => receive.receive(options));
    check(item < last, `${String(item)} came after ${String(last)}`);
    last = item;
  }
  await receive.close();
}

async function closeUnderWait(act: Act): Promise<void> {
  const [send, receive] = createMemoryObjectStream<number>(0);
  const receives = act.random.chance(0.5);
  const near = receives ? receive : send;
  const far = receives ? send : receive;
  await taskGroup(async (group) => {
    const waiting = group.spawn(() =>
      outcomeOf(() =>
        act.cut<unknown>((options) => (receives ? receive.receive(options) : send.send(1, options))),
      ),
    );
    await moment(act.random);
    const own = act.random.chance(0.5);
    await (own ? near : far).close();
    const error = await waiting.result();
    const right = own ? "ClosedResourceError" : receives ? "EndOfStream" : "BrokenResourceError";
    check(error === CUT || isError(error, right), `who waits gets ${String(error)}`);
  });
}

async function workQueue(act: Act): Promise<void> {
  const [send, receive] = createWorkQueue<number>(3);
  let sent = 0;
  let done = 0;
  await taskGroup(async (group) => {
    for (let worker = 0; worker < 2; worker++)
      group.spawn(async () => {
        try {
          for (;;) {
            await act.insist((options) => receive.receive(options));
            if (act.random.chance(0.2)) await moment(act.random);
            done++;
            receive.taskDone();
          }
        } catch (error) {
          if (!isError(error, "EndOfStream")) throw error;
        }
      });
    for (let number = 0; number < 12; number++) {
      const outcome = await act.cut((options) => send.send(number, options));
      if (outcome !== CUT) sent++;
    }
    await act.insist((options) => send.join(options));
    checkEqual(done, sent, "the number of jobs that are done after a join");
    send.shutdown();
  });
  checkEqual(send.statistics().unfinished, 0, "the number of unfinished jobs");
}

/** Each receiver gets each item; a send that was cut reached none. */
async function broadcast(act: Act): Promise<void> {
  const stream = createBroadcastStream<Item>(act.random.whole(1, 4));
  const receivers = Array.from({ length: RECEIVERS }, () => stream.subscribe());
  const sent: number[] = [];
  await taskGroup(async (group) => {
    const all = receivers.map((receiver) => group.spawn(() => drain(act, receiver)));
    for (let number = 0; number < 12; number++) {
      const outcome = await act.cut((options) => stream.send({ sender: 0, number }, options));
      if (outcome !== CUT) sent.push(number);
    }
    await stream.close();
    for (const one of all)
      checkEqual(
        (await one.result()).map(({ number }) => number).join(" "),
        sent.join(" "),
        "what a receiver got",
      );
  });
  for (const receiver of receivers) await receiver.close();
  checkEqual(stream.statistics().receivers, 0, "the number of receivers");
}

async function laggards(act: Act): Promise<void> {
  const policy = act.random.pick(["dropOldest", "fail"] as const);
  const stream = createBroadcastStream<Item>(2, { laggards: policy });
  const slow = stream.subscribe();
  for (let number = 0; number < 4; number++)
    await act.insist((options) => stream.send({ sender: 0, number }, options));
  await stream.close();
  const outcome = await outcomeOf(() => drain(act, slow));
  if (policy === "fail") check(isError(outcome, "BrokenResourceError"), `a laggard gets ${String(outcome)}`);
  else checkEqual((outcome as Item[]).map(({ number }) => number).join(" "), "2 3", "what a laggard gets");
  await slow.close();
}

async function merged(act: Act): Promise<void> {
  const sources = [0, 1, 2].map((sender) => fromIterable(steps(act, sender)));
  const stream = merge(...sources);
  const items = await drain(act, stream);
  checkEqual(items.length, 3 * STEPS, "the number of items");
  await stream.close();
}

async function teed(act: Act): Promise<void> {
  const branches = tee(steps(act, 0), 3);
  await taskGroup((group) => {
    for (const branch of branches)
      group.spawn(async () => {
        checkEqual((await drain(act, branch)).length, STEPS, "the number of items");
        await branch.close();
      });
  });
}

async function iterable(act: Act): Promise<void> {
  const stream = fromIterable(steps(act, 0));
  const early = act.random.chance(0.3);
  if (early) await act.cut((options) => stream.receive(options));
  else checkEqual((await drain(act, stream)).length, STEPS, "the number of items");
  await stream.close();
}

const STEPS = 5;

async function* steps({ random }: Act, sender: number): AsyncGenerator<Item> {
  for (let number = 0; number < STEPS; number++) {
    if (random.chance(0.3)) await moment(random);
    yield { sender, number };
  }
}
