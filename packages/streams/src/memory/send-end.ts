import { WouldBlock, type WaitOptions } from "@arborio/core";
import { resolved, yieldFirst } from "@arborio/core/lowlevel";
import type { ObjectSendStream } from "../object-streams.ts";
import type { Channel } from "./channel.ts";
import { StreamEnd, type MemoryObjectStreamEnd } from "./stream-end.ts";

/** Where items go in. */
export interface MemoryObjectSendStream<T> extends ObjectSendStream<T>, MemoryObjectStreamEnd {
  close(): Promise<void>;
  /**
   * Sends without waiting.
   *
   * **Throws** WouldBlock if no receiver waits and the buffer is full, and what `send` throws; then nothing was sent.
   */
  sendNowait(item: T): void;
  /** Another end, open until it is closed itself (M2). **Throws** ClosedResourceError if this one is closed. */
  clone(): MemoryObjectSendStream<T>;
}

export class SendEnd<T> extends StreamEnd<T, void, T> implements MemoryObjectSendStream<T> {
  constructor(channel: Channel<T>) {
    super(channel, channel.senders);
  }

  send(item: T, options?: WaitOptions): Promise<void> {
    return yieldFirst(
      () => (this.open.put(item) ? resolved() : this.wait(item, "room in the memory object stream", options)),
      options,
    );
  }

  sendNowait(item: T): void {
    if (!this.open.put(item)) throw new WouldBlock("Cannot send now: there is no room");
  }

  clone(): MemoryObjectSendStream<T> {
    return new SendEnd(this.open);
  }

  protected override closedLast(): void {
    this.channel.end();
  }
}
