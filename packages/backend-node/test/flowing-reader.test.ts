import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { FlowingReader } from "../src/flowing-reader.ts";

/** As a socket: pushes when it is asked to, and then on and on until it is told that it was enough. */
class Source extends Readable {
  pushed = 0;
  stops = 0;
  private going = false;

  constructor() {
    super({ highWaterMark: 0 });
    this.pause();
  }

  override _read(): void {
    if (this.going) return;
    this.going = true;
    setImmediate(() => this.next());
  }

  private next(): void {
    if (this.destroyed) return;
    this.pushed++;
    this.going = this.push(new Uint8Array(4).fill(this.pushed));
    if (this.going) setImmediate(() => this.next());
    else this.stops++;
  }
}

const open = (): [Source, FlowingReader] => {
  const source = new Source();
  return [source, new FlowingReader(source, (error) => error as Error)];
};

test("nothing is read before the first read", async () => {
  const [source] = open();
  await turns(5);
  expect(source.pushed).toBe(0);
});

test("reads that follow one another do not stop the flow", async () => {
  const [source, reader] = open();
  for (let i = 1; i <= 10; i++) expect([...(await reader.read(100))!]).toEqual([i, i, i, i]);
  expect(source.stops).toBe(0);
  source.destroy();
});

test("at most one chunk is read that nobody asked for, and the next read gets it", async () => {
  const [source, reader] = open();
  await reader.read(100);
  await turns(10);
  expect([source.pushed, source.readableLength]).toEqual([2, 4]);
  expect([...(await reader.read(100))!]).toEqual([2, 2, 2, 2]);
  expect([...(await reader.read(100))!]).toEqual([3, 3, 3, 3]);
  source.destroy();
});

test("a read of fewer bytes leaves the rest in the stream, in other memory", async () => {
  const [source, reader] = open();
  const first = (await reader.read(1))!;
  new Uint8Array(first.buffer).fill(0);
  await turns(10);
  expect([source.pushed, source.listenerCount("data")]).toEqual([1, 0]);
  expect([...(await reader.read(2))!]).toEqual([1, 1]);
  expect([...(await reader.read(2))!]).toEqual([1]);
  expect([...(await reader.read(9))!]).toEqual([2, 2, 2, 2]);
  source.destroy();
});

test("after the last bytes comes the end, again and again", async () => {
  const source = new Readable({ highWaterMark: 0, read: () => {} });
  source.pause();
  const reader = new FlowingReader(source, (error) => error as Error);
  source.push(new Uint8Array([1, 2]));
  source.push(null);
  expect([...(await reader.read(1))!]).toEqual([1]);
  expect([...(await reader.read(9))!]).toEqual([2]);
  expect([await reader.read(9), await reader.read(9)]).toEqual([null, null]);
});

test("a waiting read and all later ones reject with why the stream broke", async () => {
  const [source, reader] = open();
  const waiting = reader.read(9);
  source.destroy(new Error("broken"));
  await expect(waiting).rejects.toThrow("broken");
  await expect(reader.read(9)).rejects.toThrow("broken");
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
