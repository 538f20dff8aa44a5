import { DelimiterNotFound, type WaitOptions } from "@arborio/core";
import { checkBytes, markOrigin } from "@arborio/core/lowlevel";
import { checkCount } from "../arguments.ts";
import type { ByteReceiveStream } from "../byte-streams.ts";
import { busyError } from "../errors.ts";
import { ReceiveLayer } from "../layer.ts";

/**
 * Bytes that come in, to be had by count or up to a delimiter. It owns the stream below, and receives more from it than was
 * asked for; {@link buffer} shows what is left.
 *
 * One task may receive at a time, by whichever method (M4). **Cancellation** of any of them loses no bytes (M6).
 */
export class BufferedByteReceiveStream<S extends ByteReceiveStream = ByteReceiveStream>
  extends ReceiveLayer<S, Uint8Array>
  implements ByteReceiveStream
{
  /** A copy of what has come and was not yet taken. */
  get buffer(): Uint8Array {
    return this.queue.view.slice();
  }

  receive(maxBytes: number = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    checkCount("receive", "maxBytes", maxBytes);
    return this.#atLeast(1, () => this.queue.take(maxBytes), options);
  }

  /**
   * The next `count` bytes.
   *
   * **Throws** IncompleteRead if the stream ends before: what came stays. RangeError for a count below 0, at once.
   */
  receiveExactly(count: number, options?: WaitOptions): Promise<Uint8Array> {
    return this.#exactly(count, () => this.queue.take(count), options);
  }

  /** As {@link receiveExactly}, but they stay: the next call gives them again. */
  peek(count: number, options?: WaitOptions): Promise<Uint8Array> {
    return this.#exactly(count, () => this.queue.view.slice(0, count), options);
  }

  /**
   * The bytes before the next delimiter, which is dropped.
   *
   * @param maxBytes how many there may be before the delimiter
   *
   * **Throws** DelimiterNotFound if there are more, IncompleteRead if the stream ends before: what came stays.
   */
  receiveUntil(delimiter: Uint8Array, maxBytes: number, options?: WaitOptions): Promise<Uint8Array> {
    const sought = checkBytes("receive", delimiter);
    const { length } = sought;
    checkCount("receive", "the delimiter's length", length);
    checkCount("receive", "maxBytes", maxBytes);
    // What was searched is not searched again.
    let from = 0;
    const look = (): Uint8Array | undefined => {
      const at = this.queue.indexOf(sought, from, maxBytes + length);
      if (at >= 0) return this.queue.take(at, length);
      const came = this.queue.view.length;
      if (came >= maxBytes + length) {
        const reason = `Cannot receive: the delimiter is not within ${maxBytes} bytes`;
        throw markOrigin(new DelimiterNotFound(reason), this);
      }
      from = Math.max(0, came - length + 1);
      return undefined;
    };
    return this.find(look, options, "the delimiter");
  }

  /**
   * Puts bytes behind those that have come, before those that are still to come: what another layer had read too far.
   *
   * **Throws** BusyResourceError while a task receives, at once.
   */
  feed(bytes: Uint8Array): void {
    const fed = checkBytes("feed", bytes);
    if (this.busy) throw busyError("receive");
    this.queue.push(fed);
  }

  #exactly(count: number, take: () => Uint8Array, options?: WaitOptions): Promise<Uint8Array> {
    checkCount("receive", "count", count, 0);
    return this.#atLeast(count, take, options, `${count} bytes`);
  }

  #atLeast(
    count: number,
    take: () => Uint8Array,
    options?: WaitOptions,
    wanted?: string,
  ): Promise<Uint8Array> {
    return this.find(() => (this.queue.view.length < count ? undefined : take()), options, wanted);
  }
}
