import { moveOnAfter } from "@arborio/cancellation";
import { EndOfStream, isError, sleep } from "@arborio/core";
import { FrameReceiveStream, FrameSendStream, FrameStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint } from "@arborio/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { bytes, cutAt, joined, memoryOf, memoryPair, openMemoryOf, text } from "./memory-byte-stream.ts";

const one = { lengthBytes: 1 } as const;

everywhere("a frame is its length, big-endian, and its bytes", async () => {
  for (const [lengthBytes, head] of [
    [1, [2]],
    [2, [0, 2]],
    [4, [0, 0, 0, 2]],
  ] as const) {
    const [near, far] = memoryPair();
    await new FrameSendStream(near, { lengthBytes }).send(bytes("ab"));
    expect([...far.pending]).toEqual([...head, 97, 98]);
    expect(text(await new FrameReceiveStream(far, { lengthBytes }).receive())).toBe("ab");
  }
});

everywhere("lengths above a byte are written right", async () => {
  const [near, far] = memoryPair();
  const stream = new FrameStream(near);
  await stream.send(new Uint8Array(70_000));
  expect([...far.pending.slice(0, 4)]).toEqual([0, 1, 17, 112]);
  expect((await new FrameStream(far).receive()).length).toBe(70_000);
});

everywhere("frames come whole, one by one, empty ones too; then the end, again and again", async () => {
  const stream = new FrameReceiveStream(
    memoryOf([Uint8Array.of(1, 97, 0, 2, 98), "c", Uint8Array.of(0)]),
    one,
  );
  const frames: string[] = [];
  for await (const frame of stream) frames.push(text(frame));
  expect(frames).toEqual(["a", "", "bc", ""]);
  expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
});

everywhere("an end within a frame, or within its length, is an IncompleteRead", async () => {
  for (const cut of [[0], [0, 0, 0, 2], [0, 0, 0, 2, 97]]) {
    const stream = new FrameReceiveStream(memoryOf([Uint8Array.from(cut)]));
    for (let i = 0; i < 2; i++)
      expect(await errorOf(stream.receive())).toMatchObject({
        code: "ERR_INCOMPLETE_READ",
        message: "Cannot receive: the stream ended before the frame was whole",
      });
  }
});

everywhere(
  "a frame longer than there may be: told before its bytes come, again and again; not sent",
  async () => {
    const options = { lengthBytes: 2, maxBytes: 3 } as const;
    const stream = new FrameReceiveStream(openMemoryOf([Uint8Array.of(0, 4)]), options);
    for (let i = 0; i < 2; i++)
      expect(await errorOf(stream.receive())).toMatchObject({
        code: "ERR_BROKEN_RESOURCE",
        message: "Cannot receive: a frame has at most 3 bytes, received 4",
      });
    const [near, far] = memoryPair();
    expect(thrownBy(() => new FrameStream(near, options).send(bytes("abcd")))).toEqual(
      new RangeError("Cannot send: a frame has at most 3 bytes, received 4"),
    );
    expect(thrownBy(() => new FrameSendStream(near, one).send(new Uint8Array(256)))).toBeInstanceOf(
      RangeError,
    );
    expect(far.pending.length).toBe(0);
  },
);

everywhere("both ways: sendEof ends the sending only; close closes both", async () => {
  const [near, far] = memoryPair();
  const [here, there] = [new FrameStream(near), new FrameStream(far)];
  await here.send(bytes("ping"));
  await here.sendEof();
  await there.send(bytes("pong"));
  expect([text(await there.receive()), text(await here.receive())]).toEqual(["ping", "pong"]);
  expect(isError(await errorOf(there.receive()), "EndOfStream")).toBe(true);
  await here.close();
  expect(near.closed).toBe("closed");
});

everywhere("bad input throws at once", () => {
  const source = memoryOf([]);
  for (const bad of [{ lengthBytes: 0 }, { lengthBytes: 1.5 }, { maxBytes: 0 }, { maxBytes: NaN }]) {
    expect(thrownBy(() => new FrameReceiveStream(source, bad))).toBeInstanceOf(RangeError);
    expect(thrownBy(() => new FrameSendStream(source, bad))).toBeInstanceOf(RangeError);
  }
  expect(thrownBy(() => new FrameSendStream(source).send("x" as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => new FrameReceiveStream(null as never))).toBeInstanceOf(TypeError);
});

everywhere("M4: busy, closed here, closed meanwhile", async () => {
  const stream = new FrameReceiveStream(openMemoryOf([]));
  const waiting = errorOf(stream.receive());
  expect(isError(await errorOf(stream.receive()), "BusyResourceError")).toBe(true);
  await sleep(0);
  await stream.close();
  expect(isError(await waiting, "ClosedResourceError")).toBe(true);
  expect(isError(await errorOf(stream.receive()), "ClosedResourceError")).toBe(true);
});

test("it can be cancelled at every point", async () => {
  await cancelAtEveryPoint(async ({ track }) => {
    const [near, far] = memoryPair();
    const [here, there] = [new FrameStream(near, one), new FrameStream(far, one)];
    const closed = [track("near"), track("far")];
    try {
      await here.send(bytes("ab"));
      expect(text(await there.receive())).toBe("ab");
    } finally {
      await here[Symbol.asyncDispose]();
      there.closeForcefully();
      for (const release of closed) release();
    }
  });
});

const anyFrames = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 8 });
const places = fc.array(fc.nat(100), { maxLength: 20 });
const widths = fc.constantFrom(1 as const, 2 as const, 4 as const);

async function written(frames: readonly Uint8Array[], lengthBytes: 1 | 2 | 4): Promise<Uint8Array> {
  const [near, far] = memoryPair();
  const stream = new FrameSendStream(near, { lengthBytes });
  for (const frame of frames) await stream.send(frame);
  return joined(far.incoming.chunks);
}

onRealClock("any chunking of any frames gives the same frames", async () => {
  await fc.assert(
    fc.asyncProperty(anyFrames, places, widths, async (frames, cuts, lengthBytes) => {
      const chunks = cutAt(await written(frames, lengthBytes), cuts);
      const stream = new FrameReceiveStream(memoryOf(chunks), { lengthBytes });
      const received: Uint8Array[] = [];
      for await (const frame of stream) received.push(frame);
      expect(received).toEqual(frames);
    }),
    { numRuns: 300, seed: 1 },
  );
});

timed("M6: random cancellations lose no frame", async () => {
  await fc.assert(
    fc.asyncProperty(anyFrames, places, fc.array(fc.nat(3)), async (frames, cuts, times) => {
      const source = openMemoryOf([]);
      const stream = new FrameReceiveStream(source, one);
      const received: Uint8Array[] = [];
      const chunks = cutAt(await written(frames, 1), cuts);
      await taskGroup(async (group) => {
        group.spawn(async () => {
          for (const chunk of chunks) {
            await sleep(1);
            source.incoming.push(chunk);
          }
          source.incoming.finish(new EndOfStream());
        });
        for (const time of times) {
          const receive = (): Promise<unknown> =>
            stream.receive().then(
              (frame) => received.push(frame),
              (error: unknown) => {
                if (!isError(error, "EndOfStream")) throw error;
              },
            );
          await moveOnAfter(time, receive);
        }
      });
      for await (const frame of stream) received.push(frame);
      expect(received).toEqual(frames);
    }),
    { numRuns: 150, seed: 1 },
  );
});
