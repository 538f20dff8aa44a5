import type { WaitOptions } from "@arborio/core";
import { checkBytes, resolved } from "@arborio/core/lowlevel";
import { checkCount } from "../arguments.ts";
import type { ByteStream } from "../byte-streams.ts";
import { ClosedAtOnce } from "../closed-at-once.ts";
import { receiveAll } from "../iteration.ts";
import { createBytePipe, type BytePipe } from "./byte-pipe.ts";

/**
 * Two byte streams: what one sends the other receives, as over a connection, but in memory.
 *
 * `send` returns when all its bytes are buffered or received; so with size 0, in lockstep, when they are received.
 *
 * @param size of the buffer of each direction, in bytes: a whole number from 0 on, or Infinity
 * @throws RangeError for another size
 */
export function createMemoryByteStreams(size: number = 65_536): [ByteStream, ByteStream] {
  checkCount("create memory byte streams", "size", size, 0, Infinity);
  const [there, back] = [createBytePipe(size), createBytePipe(size)];
  return [new MemoryByteStream(there, back), new MemoryByteStream(back, there)];
}

class MemoryByteStream extends ClosedAtOnce implements ByteStream {
  readonly #out: BytePipe;
  readonly #in: BytePipe;

  constructor(out: BytePipe, into: BytePipe) {
    super();
    this.#out = out;
    this.#in = into;
    out.sendsFrom = into.receivesAt = this;
  }

  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.#out.send(checkBytes("send", bytes), options);
  }

  sendEof(): Promise<void> {
    this.#out.end();
    return resolved();
  }

  receive(maxBytes: number = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    checkCount("receive", "maxBytes", maxBytes);
    return this.#in.receive(maxBytes, options);
  }

  closeForcefully(): void {
    this.#out.end();
    this.#in.abandon();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.receive());
  }
}
