import { ClosedResourceError, MisuseError, type WaitOptions } from "@arborio/core";
import { resolved, suspend, yieldFirst } from "@arborio/core/lowlevel";
import { checkCount } from "../arguments.ts";
import { brokenError } from "../errors.ts";
import { Channel, noneSends, Side, type MemoryObjectStreamStatistics } from "./channel.ts";
import type { MemoryObjectStreamOptions } from "./create-memory-object-stream.ts";
import { Fifo } from "./fifo.ts";
import { ReceiveEnd, type MemoryObjectReceiveStream } from "./receive-end.ts";
import { SendEnd, type MemoryObjectSendStream } from "./send-end.ts";

/** A snapshot of a work queue. */
export interface WorkQueueStatistics extends MemoryObjectStreamStatistics {
  /** How many items were sent and are not yet done with: what `join` waits for. */
  readonly unfinished: number;
}

/** How {@link WorkSendStream.shutdown} goes. */
export interface ShutdownOptions {
  /** Drops what is buffered, as done, instead of leaving it to be received. */
  readonly immediate?: boolean | undefined;
}

/** Where work goes in. */
export interface WorkSendStream<T> extends MemoryObjectSendStream<T> {
  clone(): WorkSendStream<T>;
  statistics(): WorkQueueStatistics;
  /**
   * Waits until `taskDone` was called for each item that was sent. Works at a closed end too.
   *
   * **Throws** BrokenResourceError if the last receive end is closed first: nobody will do the rest.
   */
  join(options?: WaitOptions): Promise<void>;
  /**
   * Ends the sending at all ends: who sends, or waits to, gets ClosedResourceError. What is buffered can still be received,
   * unless `immediate`; then receivers get EndOfStream. Idempotent.
   */
  shutdown(options?: ShutdownOptions): void;
}

/** Where work comes out. */
export interface WorkReceiveStream<T> extends MemoryObjectReceiveStream<T> {
  clone(): WorkReceiveStream<T>;
  statistics(): WorkQueueStatistics;
  /**
   * Says that an item that was received is done with. Works at a closed end too.
   *
   * **Throws** MisuseError if all received are done.
   */
  taskDone(): void;
}

/**
 * A memory object stream that knows when all work is done: asyncio's Queue, with ends.
 *
 * @param size of the buffer, in items: a whole number from 0 on, or Infinity
 * @throws RangeError for another size, TypeError for an order that is no function
 */
export function createWorkQueue<T>(
  size: number = Infinity,
  { order = () => new Fifo() }: MemoryObjectStreamOptions<T> = {},
): [WorkSendStream<T>, WorkReceiveStream<T>] {
  const channel = new WorkChannel<T>(checkCount("create a work queue", "size", size, 0, Infinity), order());
  return [new WorkSendEnd(channel), new WorkReceiveEnd(channel)];
}

/** Invariant: `unfinished` counts what is buffered, and what was received and is not done. */
class WorkChannel<T> extends Channel<T> {
  readonly joining: Side<void, void> = new Side();
  unfinished = 0;
  #down = false;

  override takes(item: T): boolean {
    return !this.#down && super.takes(item);
  }

  override put(item: T): boolean {
    if (this.#down) throw shutDown();
    const put = super.put(item);
    if (put) this.unfinished++;
    return put;
  }

  override filled(): boolean {
    if (this.#down && this.buffer.size === 0) throw noneSends();
    return super.filled();
  }

  override take(): T {
    if (this.senders.size > 0) this.unfinished++;
    return super.take();
  }

  override abandon(): void {
    super.abandon();
    this.joining.fail(undone);
  }

  override statistics(): WorkQueueStatistics {
    return { ...super.statistics(), unfinished: this.unfinished };
  }

  shutdown(immediate: boolean): void {
    this.#down = true;
    this.senders.fail(shutDown);
    const { size } = this.buffer;
    if (size === 0) this.end();
    if (!immediate) return;
    for (let left = size; left > 0; left--) this.buffer.shift();
    this.finish(size);
  }

  finish(count: number): void {
    this.unfinished -= count;
    if (this.unfinished === 0) this.joining.wakeAll();
  }

  /** Whether all is done. */
  joined(): boolean {
    if (this.unfinished > 0 && this.receivers.open === 0) throw undone();
    return this.unfinished === 0;
  }
}

class WorkSendEnd<T> extends SendEnd<T, WorkChannel<T>> implements WorkSendStream<T> {
  join(options?: WaitOptions): Promise<void> {
    const { channel } = this;
    return yieldFirst(
      () =>
        channel.joined()
          ? resolved()
          : suspend<void>((waiter) => channel.joining.add(waiter, { own: new Set(), item: undefined }), {
              signal: options?.signal,
              waitingFor: "all work to be done",
            }),
      options,
    );
  }

  shutdown({ immediate = false }: ShutdownOptions = {}): void {
    this.channel.shutdown(immediate);
  }
}

class WorkReceiveEnd<T> extends ReceiveEnd<T, WorkChannel<T>> implements WorkReceiveStream<T> {
  taskDone(): void {
    const { channel } = this;
    if (channel.unfinished <= channel.buffer.size)
      throw new MisuseError("Cannot finish a task: all received are done");
    channel.finish(1);
  }
}

const shutDown = (): Error => new ClosedResourceError("Cannot send: the work queue was shut down");
const undone = (): Error => brokenError("join", "all receive ends are closed");
