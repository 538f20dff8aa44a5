import { WouldBlock, type WaitOptions } from "@arborio/core";
import { goesOn, yieldFirst } from "@arborio/core/lowlevel";
import { receiveAll } from "../iteration.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";
import type { Channel } from "./channel.ts";
import { StreamEnd, type MemoryObjectStreamEnd } from "./stream-end.ts";

/** Where items come out. Of several receivers each item goes to one, to the one that waits longest. */
export interface MemoryObjectReceiveStream<T> extends ObjectReceiveStream<T>, MemoryObjectStreamEnd {
  close(): Promise<void>;
  /**
   * Receives without waiting.
   *
   * **Throws** WouldBlock if there is nothing, and what `receive` throws.
   */
  receiveNowait(): T;
  /** Another end, open until it is closed itself (M2). **Throws** ClosedResourceError if this one is closed. */
  clone(): MemoryObjectReceiveStream<T>;
}

export class ReceiveEnd<T, C extends Channel<T> = Channel<T>>
  extends StreamEnd<C, T, void>
  implements ObjectReceiveStream<T>
{
  constructor(channel: C) {
    super(channel, channel.receivers);
  }

  receive(options?: WaitOptions): Promise<T> {
    // What most calls are, with nothing made but the promise.
    if (this.ready && goesOn(options)) return Promise.resolve(this.channel.take());
    return yieldFirst(
      () =>
        this.open.filled() ? this.channel.take() : this.wait(undefined, "an item of the stream", options),
      options,
    );
  }

  receiveNowait(): T {
    if (!this.open.filled()) throw new WouldBlock("Cannot receive now: there is nothing");
    return this.channel.take();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    const all = receiveAll(() => this.receive());
    const next = (): Promise<IteratorResult<T>> =>
      this.ready && goesOn() ? Promise.resolve({ done: false, value: this.channel.take() }) : all.next();
    return { ...all, next };
  }

  /** Whether it is open, and there is something to take. */
  private get ready(): boolean {
    return this.isOpen && this.channel.holds;
  }

  protected override closedLast(): void {
    this.channel.abandon();
  }
}
