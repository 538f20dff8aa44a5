// Each stream in a program whose deadline passes at each of its looks at the clock, in turn: what a call began before the
// deadline passed is not lost with it.
import { shield, unscoped } from "@arborio/cancellation";
import { isError } from "@arborio/core";
import {
  BufferedByteStream,
  createBroadcastStream,
  createMemoryByteStreams,
  createMemoryObjectStream,
  createWorkQueue,
  FrameStream,
  fromIterable,
  fromReadable,
  fromWritable,
  merge,
  receiveThrough,
  sendThrough,
  tee,
  TextStream,
  toReadable,
  toWritable,
  type ByteReceiveStream,
  type ByteSendStream,
  type ByteStream,
  type ObjectReceiveStream,
} from "@arborio/streams";
import { deadlineAtEveryLook, simulation } from "@arborio/testing";
import { describe, expect, test } from "vitest";
import { underDeadline } from "../../testing/test/under-deadline.ts";

const clocks = {
  "a virtual clock": () => simulation(),
  "a virtual clock, seed 1": () => simulation({ seed: 1 }),
  "the real clock": () => ({ name: "bare" }),
};

/** Registers a program on each clock; it must look at it. */
function everyLook(title: string, program: () => Promise<void>, on: Partial<typeof clocks> = clocks): void {
  for (const [name, backend] of Object.entries(on))
    test(`${title} (on ${name})`, async () => {
      expect(await deadlineAtEveryLook(program, { backend })).toBeGreaterThan(0);
    });
}

const [MESSAGE, LATER] = [Uint8Array.of(1, 2, 3, 4, 5), Uint8Array.of(9, 9)];

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** All that comes, byte by byte, so that who sends must wait; to the end, however that comes. */
async function all(stream: ByteReceiveStream): Promise<number[]> {
  const received: number[] = [];
  for (;;) {
    const chunk = await stream.receive(1).catch((error: unknown) => {
      if (!isError(error, "BrokenResourceError") && !isError(error, "EndOfStream")) throw error;
    });
    if (chunk === undefined) return received;
    received.push(...chunk);
  }
}

/** M7: all of the message came, and what is sent later after it; or a part of it, and nothing is sent later. */
async function sends(sender: ByteSendStream, receiver: ByteReceiveStream): Promise<void> {
  const receiving = shield(() => all(receiver));
  await underDeadline(
    () => sender.send(MESSAGE),
    async (done) => {
      const refused = await errorOf(sender.send(LATER));
      await sender.close().catch(() => sender.closeForcefully());
      const received = await receiving;
      if (refused === undefined) return expect(received).toEqual([...(done ? MESSAGE : []), ...LATER]);
      expect([done, isError(refused, "BrokenResourceError"), refused]).toEqual([false, true, refused]);
      expect([...MESSAGE].slice(0, received.length)).toEqual(received);
    },
  );
}

/** M6: what a receive gave, and what is received later, is the message. */
async function receives(receiver: ByteReceiveStream): Promise<void> {
  const received: number[] = [];
  await underDeadline(
    async () => received.push(...(await receiver.receive(2))),
    async () => {
      received.push(...(await all(receiver)));
      expect(received).toEqual([...MESSAGE]);
    },
  );
}

/** M6: no item is lost, or comes twice. */
async function receivesItems<T>(receiver: ObjectReceiveStream<T>, items: readonly T[]): Promise<void> {
  const received: T[] = [];
  await underDeadline(
    async () => {
      for (let left = items.length; left > 0; left--) received.push(await receiver.receive());
    },
    async () => {
      while (received.length < items.length) received.push(await receiver.receive());
      expect(received).toEqual(items);
      receiver.closeForcefully();
    },
  );
}

describe("byte streams", () => {
  // Made in no scope: a bridge works in the one in which it was made, whatever waits at it.
  const layers: Readonly<Record<string, (stream: ByteStream) => ByteStream>> = {
    "memory byte streams": (stream) => stream,
    "buffered byte streams": (stream) => new BufferedByteStream(stream),
    "Web Streams and back": (stream) => ({
      ...bothWays(fromReadable(toReadable(stream)), fromWritable(toWritable(stream))),
    }),
    "a transform": (stream) => ({
      ...bothWays(
        receiveThrough(stream, new TransformStream() as never),
        sendThrough(stream, new TransformStream() as never),
      ),
    }),
  };
  for (const [kind, over] of Object.entries(layers))
    for (const size of [0, 3, 100]) {
      everyLook(
        `M7: ${kind} of size ${String(size)}: a send is whole, or nothing, or ends the sending`,
        () => {
          const [one, other] = createMemoryByteStreams(size);
          return sends(
            unscoped(() => over(one)),
            other,
          );
        },
      );
      everyLook(`M6: ${kind} of size ${String(size)}: a receive loses nothing`, async () => {
        const [one, other] = createMemoryByteStreams(size);
        const sending = shield(() => one.send(MESSAGE).then(() => one.sendEof()));
        await receives(unscoped(() => over(other))).finally(() => sending);
      });
    }

  everyLook("M6: an exact receive keeps what has come", async () => {
    const [one, other] = createMemoryByteStreams(2);
    const sending = shield(() => one.send(MESSAGE).then(() => one.sendEof()));
    const buffered = new BufferedByteStream(other);
    const received: number[] = [];
    await underDeadline(
      async () => received.push(...(await buffered.receiveExactly(4))),
      async () => {
        received.push(...(await all(buffered)));
        expect(received).toEqual([...MESSAGE]);
        await sending;
      },
    );
  });

  everyLook("M7: frames and text: a later one is not sent into a part of an earlier one", async () => {
    const [one, other] = createMemoryByteStreams(3);
    const [frames, texts] = [new FrameStream(one), new TextStream(other)];
    const receiving = shield(() => all(other));
    await underDeadline(
      () => frames.send(MESSAGE),
      async (done) => {
        const refused = await errorOf(frames.send(LATER));
        frames.closeForcefully();
        const received = await receiving;
        if (refused === undefined) expect(received.length).toBe(done ? 4 + 5 + 4 + 2 : 4 + 2);
        else expect(received.length).toBeLessThan(4 + 5);
        texts.closeForcefully();
      },
    );
  });
});

function bothWays(
  receiver: ByteReceiveStream,
  sender: ByteSendStream,
): ByteReceiveStream & ByteStream & ByteSendStream {
  return {
    receive: (maxBytes, options) => receiver.receive(maxBytes, options),
    send: (bytes, options) => sender.send(bytes, options),
    sendEof: (options) => sender.close(options),
    close: (options) => sender.close(options).then(() => receiver.close(options)),
    closeForcefully: () => [sender, receiver].forEach((one) => one.closeForcefully()),
    [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose]().then(() => receiver[Symbol.asyncDispose]()),
    [Symbol.asyncIterator]: () => receiver[Symbol.asyncIterator](),
  };
}

describe("object streams", () => {
  for (const size of [0, 1, 9]) {
    everyLook(
      `M7: a memory object stream of size ${String(size)}: an item is sent once, or not at all`,
      async () => {
        const [send, receive] = createMemoryObjectStream<number>(size);
        const received: number[] = [];
        const receiving = shield(async () => {
          for await (const item of receive) received.push(item);
        });
        await underDeadline(
          () => send.send(1),
          async (done) => {
            await send.send(2);
            await send.close();
            await receiving;
            expect(received).toEqual(done ? [1, 2] : [2]);
          },
        );
      },
    );
    everyLook(`C5: a memory object stream of size ${String(size)}: an item is received once`, async () => {
      const [send, receive] = createMemoryObjectStream<number>(size);
      const sending = shield(async () => {
        for (const item of [1, 2, 3]) await send.send(item);
      });
      await receivesItems(receive, [1, 2, 3]).finally(() => sending);
      send.closeForcefully();
    });
  }

  everyLook("a work queue: all that was sent is done, and joined", async () => {
    const [send, receive] = createWorkQueue<number>(1);
    const working = shield(async () => {
      for await (const _ of receive) receive.taskDone();
    });
    await underDeadline(
      async () => {
        for (const item of [1, 2, 3]) await send.send(item);
        await send.join();
      },
      async () => {
        send.shutdown();
        await send.join();
        await working;
        expect(send.statistics()).toMatchObject({
          unfinished: 0,
          tasksWaitingSend: 0,
          tasksWaitingReceive: 0,
        });
      },
    );
  });

  everyLook("M7: a broadcast goes to all or to none", async () => {
    const stream = createBroadcastStream<number>(1);
    const receivers = [stream.subscribe(), stream.subscribe()];
    const received = receivers.map((): number[] => []);
    const receiving = receivers.map((receive, at) =>
      shield(async () => {
        for await (const item of receive) received[at]?.push(item);
      }),
    );
    await underDeadline(
      async () => {
        for (const item of [1, 2, 3]) await stream.send(item);
      },
      async (done) => {
        await stream.close();
        await Promise.all(receiving);
        const [one, other] = received;
        expect(one).toEqual(other);
        expect(one).toEqual([1, 2, 3].slice(0, done ? 3 : one?.length));
      },
    );
  });

  const sources: Readonly<Record<string, () => ObjectReceiveStream<number>>> = {
    "an iterable": () => fromIterable([1, 2, 3]),
    "merged streams": () => merge(fromIterable([1, 2, 3])),
    "one of a tee": () => tee(fromIterable([1, 2, 3]))[0]!,
  };
  // Made in no scope, they wait in none: on the real clock, whose turns a simulation does not see and takes for a deadlock.
  const { "the real clock": real } = clocks;
  for (const [kind, make] of Object.entries(sources))
    everyLook(`M6: ${kind}: no item is lost`, () => receivesItems(unscoped(make), [1, 2, 3]), {
      "the real clock": real,
    });
});
