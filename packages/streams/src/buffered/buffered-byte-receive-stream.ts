import { BusyResourceError, DelimiterNotFound, IncompleteRead, type WaitOptions } from "@arborio/core";
import { checkBytes, checkCount } from "../arguments.ts";
import type { ByteReceiveStream } from "../byte-streams.ts";
import { receiveAll } from "../iteration.ts";
import { ReceiveLayer } from "../layer.ts";
import { ByteQueue } from "./byte-queue.ts";

/**
 * Bytes that come in, to be had by count or up to a delimiter. It owns the stream below, and receives more from it than was
 * asked for; {@link buffer} shows what is left.
 *
 * One task may receive at a time, by whichever method (M4). **Cancellation** of any of them loses no bytes (M6).
 */
export class BufferedByteReceiveStream<S extends ByteReceiveStream = ByteReceiveStream>
  extends ReceiveLayer<S>
  implements ByteReceiveStream
{
  readonly #queue = new ByteQueue();

  /** A copy of what has come and was not yet taken. */
  get buffer(): Uint8Array {
    return new Uint8Array(this.#queue.view);
  }

  receive(maxBytes: number = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    checkCount("receive", "maxBytes", maxBytes);
    return this.find(
      (end) => {
        const { length } = this.#queue.view;
        if (length > 0) return this.#queue.take(Math.min(length, maxBytes));
        if (end !== undefined) throw end;
        return undefined;
      },
      options,
      maxBytes,
    );
  }

  /**
   * The next `count` bytes.
   *
   * **Throws** IncompleteRead if the stream ends before: what came stays. RangeError for a count below 0, at once.
   */
  receiveExactly(count: number, options?: WaitOptions): Promise<Uint8Array> {
    return this.#exactly("receive", count, () => this.#queue.take(count), options);
  }

  /** As {@link receiveExactly}, but they stay: the next call gives them again. */
  peek(count: number, options?: WaitOptions): Promise<Uint8Array> {
    return this.#exactly("peek", count, () => this.buffer.subarray(0, count), options);
  }

  /**
   * The bytes before the next delimiter, which is dropped.
   *
   * @param maxBytes how many there may be before the delimiter
   *
   * **Throws** DelimiterNotFound if there are more, IncompleteRead if the stream ends before: what came stays.
   */
  receiveUntil(delimiter: Uint8Array, maxBytes: number, options?: WaitOptions): Promise<Uint8Array> {
    const { length } = checkBytes("receive", delimiter);
    checkCount("receive", "the delimiter's length", length);
    checkCount("receive", "maxBytes", maxBytes);
    const most = maxBytes + length;
    // What was searched is not searched again.
    let from = 0;
    return this.find((end) => {
      const at = this.#queue.indexOf(delimiter, from, most);
      if (at >= 0) return this.#queue.take(at, length);
      const came = this.#queue.view.length;
      if (came >= most)
        throw new DelimiterNotFound(
          `Cannot receive: the delimiter is not within the first ${String(maxBytes)} bytes`,
        );
      if (end !== undefined) throw incomplete("receive", "the delimiter", end);
      from = Math.max(0, came - length + 1);
      return undefined;
    }, options);
  }

  /**
   * Puts bytes behind those that have come, before those that are still to come: what another layer had read too far.
   *
   * **Throws** BusyResourceError while a task receives.
   */
  feed(bytes: Uint8Array): void {
    checkBytes("feed", bytes);
    if (this.receiving) throw new BusyResourceError("Cannot feed: a task receives from the stream");
    this.#queue.push(new Uint8Array(bytes));
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.receive());
  }

  /** @internal */
  protected absorb(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  #exactly(
    action: string,
    count: number,
    take: () => Uint8Array,
    options?: WaitOptions,
  ): Promise<Uint8Array> {
    checkCount(action, "count", count, 0);
    return this.find((end) => {
      if (this.#queue.view.length >= count) return take();
      if (end !== undefined) throw incomplete(action, `${String(count)} bytes`, end);
      return undefined;
    }, options);
  }
}

export function incomplete(action: string, what: string, cause: unknown): Error {
  return new IncompleteRead(`Cannot ${action}: the stream ended before ${what} had come`, { cause });
}
