import { BrokenResourceError, ClosedResourceError, EndOfStream, type WaitOptions } from "@arborio/core";
import { suspend, type Waiter } from "@arborio/core/lowlevel";
import type { ByteStream } from "@arborio/streams";
import { receiveAll } from "@arborio/streams/lowlevel";

interface Reading {
  readonly maxBytes: number;
  readonly waiter: Waiter<Uint8Array>;
}

interface Writing {
  readonly bytes: Uint8Array;
  readonly waiter: Waiter<void>;
}

/** One direction. Chunks are given as they were sent, or in parts; with no room a send waits. */
class Pipe {
  readonly chunks: Uint8Array[] = [];
  end: Error | undefined;
  reading: Reading | undefined;
  writing: Writing | undefined;
  room = Infinity;

  settle(): void {
    while (this.writing !== undefined && this.room > 0) {
      const { bytes, waiter } = this.writing;
      this.writing = undefined;
      if (!waiter.settled) this.push(bytes);
      waiter.resume();
    }
    if (this.reading === undefined) return;
    const { maxBytes, waiter } = this.reading;
    const [chunk] = this.chunks;
    if (waiter.settled) this.reading = undefined;
    else if (chunk !== undefined) {
      this.reading = undefined;
      this.chunks.shift();
      if (chunk.length > maxBytes) this.chunks.unshift(chunk.slice(maxBytes));
      this.room += Math.min(chunk.length, maxBytes);
      waiter.resume(chunk.slice(0, maxBytes));
      this.settle();
    } else if (this.end !== undefined) {
      this.reading = undefined;
      waiter.fail(this.end);
    }
  }

  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.chunks.push(bytes.slice());
    this.room -= bytes.length;
    this.settle();
  }

  finish(end: Error): void {
    this.end ??= end;
    this.settle();
  }
}

/** A byte stream in memory, with all that happens to it to be seen. */
export class MemoryByteStream implements ByteStream {
  readonly incoming: Pipe;
  readonly outgoing: Pipe;
  closed: "no" | "closed" | "forcefully" = "no";
  sendingEnded = false;
  /** What `close` waits for. */
  closing: Promise<void> = Promise.resolve();
  private cut = false;

  constructor(incoming: Pipe = new Pipe(), outgoing: Pipe = new Pipe()) {
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  receive(maxBytes: number = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    return suspend<Uint8Array>(
      (waiter) => {
        if (this.closed !== "no") return void waiter.fail(new ClosedResourceError("Cannot receive: closed"));
        this.incoming.reading = { maxBytes, waiter };
        this.incoming.settle();
      },
      { ...options, waitingFor: "bytes in memory" },
    );
  }

  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return suspend<void>(
      (waiter) => {
        if (this.closed !== "no" || this.sendingEnded)
          waiter.fail(new ClosedResourceError("Cannot send: closed"));
        else if (this.cut) waiter.fail(new BrokenResourceError("Cannot send: cut"));
        else {
          this.outgoing.writing = { bytes, waiter };
          this.outgoing.settle();
        }
        return () => void (this.cut = true);
      },
      { ...options, waitingFor: "room in memory" },
    );
  }

  async sendEof(): Promise<void> {
    this.sendingEnded = true;
    this.outgoing.finish(new EndOfStream());
  }

  async close(): Promise<void> {
    this.release("closed");
    await this.closing;
  }

  closeForcefully(): void {
    this.release("forcefully");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.receive());
  }

  /** What the other side has sent and nobody has received. */
  get pending(): Uint8Array {
    return joined(this.incoming.chunks);
  }

  private release(how: "closed" | "forcefully"): void {
    if (this.closed !== "no") return;
    this.closed = how;
    this.incoming.reading?.waiter.fail(new ClosedResourceError("Cannot receive: closed"));
    this.outgoing.writing?.waiter.fail(new ClosedResourceError("Cannot send: closed"));
    this.outgoing.finish(new EndOfStream());
  }
}

/** Two ends of one connection. */
export function memoryPair(): [MemoryByteStream, MemoryByteStream] {
  const [there, back] = [new Pipe(), new Pipe()];
  return [new MemoryByteStream(there, back), new MemoryByteStream(back, there)];
}

/** A stream with these to receive, one by one, and then its end; undefined: it stays open. */
export function memoryOf(
  chunks: readonly (Uint8Array | string)[],
  end: Error | undefined = new EndOfStream(),
): MemoryByteStream {
  const stream = new MemoryByteStream();
  for (const chunk of chunks) stream.incoming.push(bytes(chunk));
  if (end !== undefined) stream.incoming.finish(end);
  return stream;
}

/** A stream that will go on: nothing has ended it. */
export function openMemoryOf(chunks: readonly (Uint8Array | string)[]): MemoryByteStream {
  const stream = new MemoryByteStream();
  for (const chunk of chunks) stream.incoming.push(bytes(chunk));
  return stream;
}

export function bytes(of: Uint8Array | string): Uint8Array {
  return typeof of === "string" ? new TextEncoder().encode(of) : of;
}

export function text(of: Uint8Array): string {
  return new TextDecoder().decode(of);
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Cuts bytes where it is told to. */
export function cutAt(all: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [...new Set([0, ...places.map((place) => place % (all.length + 1)), all.length])];
  borders.sort((a, b) => a - b);
  return borders.slice(1).map((end, index) => all.slice(borders[index], end));
}
