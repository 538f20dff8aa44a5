import { WouldBlock, type WaitOptions } from "@arborio/core";
import { yieldFirst } from "@arborio/core/lowlevel";
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
    return receiveAll(() => this.receive());
  }

  protected override closedLast(): void {
    this.channel.abandon();
  }
}
