import { moveOnAfter } from "@arborio/cancellation";
import { BrokenResourceError, isError, sleep } from "@arborio/core";
import { receiveThrough, sendThrough, type ByteTransform } from "@arborio/streams";
import fc from "fast-check";
import { expect } from "vitest";
import { onRealClock } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { bytes, cutAt, joined, memoryOf, memoryPair, openMemoryOf, text } from "./memory-byte-stream.ts";

const formats = ["gzip", "deflate", "deflate-raw"] as const;

const compress = (format: CompressionFormat): ByteTransform => new CompressionStream(format);
const decompress = (format: CompressionFormat): ByteTransform => new DecompressionStream(format);

async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return joined(all);
}

async function compressed(all: Uint8Array, format: CompressionFormat): Promise<Uint8Array> {
  return allOf(receiveThrough(memoryOf([all]), compress(format)));
}

onRealClock("what is sent through a compression is received through a decompression", async () => {
  for (const format of formats) {
    const [near, far] = memoryPair();
    const sending = sendThrough(near, compress(format));
    const receiving = receiveThrough(far, decompress(format));
    await sending.send(bytes("hello, "));
    await sending.send(bytes("world".repeat(1_000)));
    await sending.close();
    expect(text(await allOf(receiving))).toBe(`hello, ${"world".repeat(1_000)}`);
    expect(isError(await errorOf(receiving.receive()), "EndOfStream")).toBe(true);
    await receiving.close();
    expect([near.sendingEnded, far.closed]).toEqual([true, "closed"]);
    near.closeForcefully();
  }
});

onRealClock("any chunking of compressed bytes gives the same", async () => {
  const places = fc.array(fc.nat(100), { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      places,
      fc.constantFrom(...formats),
      async (all, cuts, format) => {
        const chunks = cutAt(await compressed(all, format), cuts);
        expect(await allOf(receiveThrough(memoryOf(chunks), decompress(format)))).toEqual(all);
      },
    ),
    { numRuns: 30, seed: 1 },
  );
});

onRealClock(
  "M4: bytes that are not compressed, or cut, are a BrokenResourceError, again and again; the stream is closed",
  async () => {
    const whole = await compressed(bytes("hello"), "gzip");
    for (const source of [memoryOf(["not compressed at all"]), memoryOf([whole.slice(0, -9)])]) {
      const stream = receiveThrough(source, decompress("gzip"));
      const receiveAll = async (): Promise<void> => {
        for (;;) await stream.receive();
      };
      for (let i = 0; i < 2; i++)
        expect(isError(await errorOf(receiveAll()), "BrokenResourceError")).toBe(true);
      await stream.close();
      expect(source.closed).not.toBe("no");
    }
  },
);

onRealClock("M4: what breaks the stream below is the cause", async () => {
  const broken = new BrokenResourceError("gone");
  const receiving = receiveThrough(memoryOf([], broken), decompress("gzip"));
  expect(await errorOf(receiving.receive())).toMatchObject({ code: "ERR_BROKEN_RESOURCE" });
  await receiving.close();
  const [near] = memoryPair();
  near.send = () => Promise.reject(broken);
  const sending = sendThrough(near, compress("gzip"));
  await sending.send(bytes("a")).catch(() => {});
  await sending.close().catch(() => {});
  expect(near.closed).toBe("forcefully");
});

onRealClock("M5: closing it closes the stream below, in whatever way and however often", async () => {
  for (const way of ["close", "closeForcefully", Symbol.asyncDispose] as const) {
    const source = openMemoryOf([]);
    const receiving = receiveThrough(source, decompress("gzip"));
    const waiting = errorOf(receiving.receive());
    await sleep(1);
    await receiving[way]();
    expect(source.closed).toBe(way === "closeForcefully" ? "forcefully" : "closed");
    expect(isError(await waiting, "ClosedResourceError")).toBe(true);
    receiving.closeForcefully();
    await receiving.close();
  }
  const [near, far] = memoryPair();
  const sending = sendThrough(near, compress("gzip"));
  await sending.send(bytes("a"));
  sending.closeForcefully();
  expect(near.closed).toBe("forcefully");
  await sending.close();
  await sleep(1);
  expect(far.pending.length).toBeLessThan(20);
});

onRealClock("M5: a close that is cancelled, as nobody reads, closes the stream forcefully", async () => {
  const [near] = memoryPair();
  near.outgoing.room = 0;
  const sending = sendThrough(near, compress("gzip"));
  expect(await moveOnAfter(2, () => sending.close())).toBeUndefined();
  expect(near.closed).toBe("forcefully");
  await sleep(1);
});

onRealClock("M6: a cancelled receive loses no bytes", async () => {
  const all = bytes("hello");
  const source = openMemoryOf([]);
  const stream = receiveThrough(source, decompress("gzip"));
  expect(await moveOnAfter(2, () => stream.receive())).toBeUndefined();
  source.incoming.push(await compressed(all, "gzip"));
  await sleep(1);
  let received = "";
  while (received.length < 5) received += text(await stream.receive(2));
  expect(received).toBe("hello");
  await stream.close();
});
