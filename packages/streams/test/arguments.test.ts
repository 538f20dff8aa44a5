// What is no stream of another kind is a TypeError of ours, at once.
import { runInNewContext } from "node:vm";
import {
  BufferedByteReceiveStream,
  createMemoryByteStreams,
  createMemoryObjectStream,
  fromByteIterable,
  fromIterable,
  fromNodeDuplex,
  fromNodeReadable,
  fromNodeWritable,
  fromReadable,
  fromWritable,
  FrameStream,
  receiveThrough,
  sendThrough,
  toReadable,
  typedAttribute,
} from "@arborio/streams";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../../testing/test/outcome.ts";
import { memoryPair, openMemoryOf, text } from "./memory-byte-stream.ts";

const stream = createMemoryByteStreams()[0];
const takers: readonly [string, (value: never) => unknown][] = [
  ["fromReadable", fromReadable],
  ["fromWritable", fromWritable],
  ["fromNodeReadable", fromNodeReadable],
  ["fromNodeWritable", fromNodeWritable],
  ["fromNodeDuplex", fromNodeDuplex],
  ["fromIterable", fromIterable],
  ["fromByteIterable", fromByteIterable],
  ["receiveThrough", (transform) => receiveThrough(stream, transform)],
  ["sendThrough", (transform) => sendThrough(stream, transform)],
  ["toReadable", toReadable],
  ["typedAttribute", typedAttribute],
];

describe.each(takers)("%s", (_, take) => {
  test.each([null, undefined, 5, {}])("%j is a TypeError in our words", (value) => {
    const error = thrownBy(() => take(value as never));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(/^Cannot .+, received (null|undefined|number|object)$/);
  });
});

test.each([Symbol("s"), 1n, "5", {}, null, Number.NaN])(
  "a size that is no number is a RangeError: %s",
  (size) => {
    const error = thrownBy(() => createMemoryObjectStream(size as never));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toMatch(/^Cannot .+, received .+$/);
  },
);

test("bytes of another realm are sent, framed, fed, sought and received", async () => {
  const foreign = runInNewContext("Uint8Array.of(104, 105)") as Uint8Array<ArrayBuffer>;
  const [one, other] = createMemoryByteStreams();
  await Promise.all([one.send(foreign), other.receive().then((bytes) => expect(text(bytes)).toBe("hi"))]);
  const [near, far] = memoryPair();
  await new FrameStream(near).send(foreign);
  expect(text(await new FrameStream(far).receive())).toBe("hi");
  const buffered = new BufferedByteReceiveStream(openMemoryOf([]));
  buffered.feed(Uint8Array.of(97, ...foreign));
  expect(text(await buffered.receiveUntil(foreign, 10))).toBe("a");
  const chunks = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(foreign) });
  expect(text(await fromReadable(chunks).receive())).toBe("hi");
  expect(text(await fromByteIterable([foreign]).receive())).toBe("hi");
});
