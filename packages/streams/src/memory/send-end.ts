import { WouldBlock, type WaitOptions } from "@arborio/core";
import { goesOn, resolved, yieldFirst } from "@arborio/core/lowlevel";
import type { ObjectSendStream } from "../object-streams.ts";
import type { Channel, Side } from "./channel.ts";
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

/** What items are sent to. */
export interface Intake<T> {
  readonly senders: Side<void, T>;
  /** As {@link put}, but says false where that throws. */
  takes(item: T): boolean;
  /** Sends one at once; false if it has to wait. */
  put(item: T): boolean;
  /** The last send end was closed. */
  end(): void;
  statistics(): object;
}

export class SendEnd<T, C extends Intake<T> = Channel<T>>
  extends StreamEnd<C, void, T>
  implements ObjectSendStream<T>
{
  constructor(channel: C) {
    super(channel, channel.senders);
  }

  send(item: T, options?: WaitOptions): Promise<void> {
    // What most calls are, with nothing made.
    if (this.isOpen && goesOn(options) && this.channel.takes(item)) return resolved();
    return yieldFirst(
      () => (this.open.put(item) ? resolved() : this.wait(item, "room in the stream", options)),
      options,
    );
  }

  sendNowait(item: T): void {
    if (!this.open.put(item)) throw new WouldBlock("Cannot send now: there is no room");
  }

  protected override closedLast(): void {
    this.channel.end();
  }
}
