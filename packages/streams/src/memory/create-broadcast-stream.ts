import { BrokenResourceError, WouldBlock, type WaitOptions } from "@arborio/core";
import { resolved, yieldFirst } from "@arborio/core/lowlevel";
import type { ObjectSendStream } from "../object-streams.ts";
import { Channel, closedHere, Side } from "./channel.ts";
import { Fifo } from "./fifo.ts";
import { ReceiveEnd, type MemoryObjectReceiveStream } from "./receive-end.ts";
import { checkSize } from "./size.ts";

/** What is done about a receiver whose buffer is full. */
export type Laggards = "wait" | "dropOldest" | "fail";

/** How a broadcast stream is made. */
export interface BroadcastOptions {
  /**
   * `wait`, the default: senders wait until it has room. `dropOldest`: it loses its oldest item. `fail`: it loses all, and
   * its `receive` throws BrokenResourceError from then on.
   */
  readonly laggards?: Laggards | undefined;
}

/** A snapshot of a broadcast stream. */
export interface BroadcastStatistics {
  readonly receivers: number;
  /** How many items wait at the receiver that is furthest behind, and how many may. */
  readonly bufferUsed: number;
  readonly bufferSize: number;
  readonly tasksWaitingSend: number;
}

/** What each of its receivers gets each item of. */
export interface BroadcastStream<T> extends ObjectSendStream<T>, Disposable {
  /** Done when it returns. Receivers get what they have left, then EndOfStream. */
  close(): Promise<void>;
  /** **Throws** WouldBlock if a receiver has no room and is to be waited for; then nobody has got the item. */
  sendNowait(item: T): void;
  /**
   * A receiver of all that is sent from now on, until it is closed. Its clones share with it: of those each item goes to one.
   *
   * **Throws** ClosedResourceError if the stream is closed.
   */
  subscribe(): MemoryObjectReceiveStream<T>;
  statistics(): BroadcastStatistics;
}

/**
 * A stream whose items go to each receiver; without receivers, to nobody.
 *
 * **Cancellation** A cancelled `send` has sent to all or to none (M7).
 *
 * **Fairness** Senders that wait go in FIFO order.
 *
 * @param size of the buffer that each receiver has: a whole number from 1 on, or Infinity
 * @throws RangeError for another size, TypeError for another policy
 */
export function createBroadcastStream<T>(
  size: number,
  { laggards = "wait" }: BroadcastOptions = {},
): BroadcastStream<T> {
  const action = "create a broadcast stream";
  if (!["wait", "dropOldest", "fail"].includes(laggards))
    throw new TypeError(
      `Cannot ${action}: laggards must be wait, dropOldest or fail, received ${String(laggards)}`,
    );
  return new Broadcast<T>(checkSize(action, size, 1), laggards);
}

/** Invariant: senders wait only while a receiver has no room. */
class Broadcast<T> implements BroadcastStream<T> {
  readonly #size: number;
  readonly #laggards: Laggards;
  readonly #inboxes = new Set<Inbox<T>>();
  readonly #senders: Side<void, T> = new Side();
  #closed = false;

  constructor(size: number, laggards: Laggards) {
    this.#size = size;
    this.#laggards = laggards;
  }

  send(item: T, options?: WaitOptions): Promise<void> {
    return yieldFirst(
      () =>
        this.#put(item)
          ? resolved()
          : this.#senders.wait(new Set(), item, "room at each receiver of the broadcast", options),
      options,
    );
  }

  sendNowait(item: T): void {
    if (!this.#put(item)) throw new WouldBlock("Cannot send now: a receiver has no room");
  }

  subscribe(): MemoryObjectReceiveStream<T> {
    if (this.#closed) throw closedHere();
    const inbox = new Inbox<T>(this.#size, (left) => {
      if (left) this.#inboxes.delete(inbox);
      this.#admit();
    });
    this.#inboxes.add(inbox);
    return new ReceiveEnd(inbox);
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#senders.fail(closedHere);
      for (const inbox of this.#inboxes) inbox.close();
    }
    return resolved();
  }

  closeForcefully(): void {
    void this.close();
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  statistics(): BroadcastStatistics {
    let bufferUsed = 0;
    for (const { buffer } of this.#inboxes) bufferUsed = Math.max(bufferUsed, buffer.size);
    return Object.freeze({
      receivers: this.#inboxes.size,
      bufferUsed,
      bufferSize: this.#size,
      tasksWaitingSend: this.#senders.size,
    });
  }

  /** Gives an item to all; false if one is to be waited for. */
  #put(item: T): boolean {
    if (this.#closed) throw closedHere();
    if (this.#laggards === "wait" && !this.#allHaveRoom()) return false;
    for (const inbox of this.#inboxes) if (!inbox.put(item)) this.#overtake(inbox, item);
    return true;
  }

  #overtake(inbox: Inbox<T>, item: T): void {
    if (this.#laggards === "fail") {
      inbox.lost = true;
      inbox.abandon();
    } else {
      inbox.buffer.shift();
      inbox.put(item);
    }
  }

  /** Lets senders that wait send, as long as there is room. */
  #admit(): void {
    const senders = this.#senders;
    while (senders.first !== undefined && this.#put(senders.first.item.item)) senders.wake();
  }

  #allHaveRoom(): boolean {
    for (const { buffer } of this.#inboxes) if (buffer.size >= this.#size) return false;
    return true;
  }
}

/** What one receiver, and its clones, have to receive. */
class Inbox<T> extends Channel<T> {
  /** Whether it fell behind and was given up. */
  lost = false;
  readonly #freed: (left: boolean) => void;

  /** @param freed called when there is room, or nobody to receive any more */
  constructor(size: number, freed: (left: boolean) => void) {
    super(size, new Fifo());
    this.#freed = freed;
    this.senders.open = 1;
  }

  override filled(): boolean {
    if (this.lost)
      throw new BrokenResourceError("Cannot receive: the receiver fell too far behind the broadcast");
    return super.filled();
  }

  override take(): T {
    const item = super.take();
    this.#freed(false);
    return item;
  }

  override abandon(): void {
    super.abandon();
    this.#freed(true);
  }

  close(): void {
    this.senders.open = 0;
    this.end();
  }
}
