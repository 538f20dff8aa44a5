import { BrokenResourceError, EndOfStream } from "@arborio/core";
import { WaitQueue, type Waiter } from "@arborio/core/lowlevel";
import type { ItemBuffer } from "./order.ts";

/** A snapshot of a memory object stream. */
export interface MemoryObjectStreamStatistics {
  /** How many items wait in the buffer, how many ever did at once, and how many may. */
  readonly bufferUsed: number;
  readonly bufferPeak: number;
  readonly bufferSize: number;
  /** How many ends are open, clones included. */
  readonly openSendEnds: number;
  readonly openReceiveEnds: number;
  readonly tasksWaitingSend: number;
  readonly tasksWaitingReceive: number;
}

/** Who waits at one end. */
export type Own<T> = Set<Waiter<T>>;

/**
 * All ends of one direction, and who waits at them, with what.
 *
 * Invariant: who waits here stands in the set of its end too, so that an end is closed in the time its own waiters take.
 */
export class Side<T, I> extends WaitQueue<T, { readonly own: Own<T>; readonly item: I }> {
  /** How many ends are open. */
  open = 0;

  override take(): Waiter<T> | undefined {
    const { first } = this;
    first?.item.own.delete(first.waiter);
    return super.take();
  }

  /** Fails all that wait. Each gets an error of its own, for two tasks that fail are two (T2). */
  fail(error: () => Error): void {
    while (this.size > 0) this.take()?.fail(error());
  }
}

/**
 * What the ends of a memory object stream share.
 *
 * Invariant: receivers wait only while nothing is buffered and no sender waits; senders wait only while the buffer is full.
 * What is handed to a waiter is the waiter's from then on (M3, C5).
 */
export class Channel<T> {
  readonly senders: Side<void, T> = new Side();
  readonly receivers: Side<T, void> = new Side();
  readonly size: number;
  readonly buffer: ItemBuffer<T>;
  #peak = 0;

  constructor(size: number, buffer: ItemBuffer<T>) {
    this.size = size;
    this.buffer = buffer;
  }

  /** As {@link put}, but says false if nobody can receive it. */
  takes(item: T): boolean {
    return this.receivers.open > 0 && this.put(item);
  }

  /**
   * Hands an item to the first receiver that waits, else to the buffer; false if there is no room.
   *
   * @throws BrokenResourceError if nobody can receive it
   */
  put(item: T): boolean {
    const { buffer, receivers } = this;
    if (receivers.open === 0) throw noneReceives();
    if (receivers.wake(item)) return true;
    if (buffer.size >= this.size) return false;
    buffer.push(item);
    this.#peak = Math.max(this.#peak, buffer.size);
    return true;
  }

  /** Whether there is something to take. */
  get holds(): boolean {
    return this.buffer.size > 0 || this.senders.size > 0;
  }

  /**
   * Whether there is something to take.
   *
   * @throws EndOfStream if there is nothing and nothing can come
   */
  filled(): boolean {
    if (this.holds) return true;
    if (this.senders.open === 0) throw noneSends();
    return false;
  }

  /** Removes and gives the next item, and lets the sender that waits longest fill its place. */
  take(): T {
    const { buffer, senders } = this;
    const { first } = senders;
    if (!first) return buffer.shift();
    senders.wake();
    if (this.size === 0) return first.item.item;
    const item = buffer.shift();
    buffer.push(first.item.item);
    return item;
  }

  /** The last send end was closed. */
  end(): void {
    this.receivers.fail(noneSends);
  }

  /** The last receive end was closed: what is left is for nobody. */
  abandon(): void {
    while (this.buffer.size > 0) this.buffer.shift();
    this.senders.fail(noneReceives);
  }

  /** Of its ends, which freeze it. */
  statistics(): MemoryObjectStreamStatistics {
    return {
      bufferUsed: this.buffer.size,
      bufferPeak: this.#peak,
      bufferSize: this.size,
      openSendEnds: this.senders.open,
      openReceiveEnds: this.receivers.open,
      tasksWaitingSend: this.senders.size,
      tasksWaitingReceive: this.receivers.size,
    };
  }
}

const noneReceives = (): Error => new BrokenResourceError("Cannot send: all receive ends are closed");
export const noneSends = (): Error => new EndOfStream("Cannot receive: all send ends are closed");
