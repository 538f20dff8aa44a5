import type { WaitOptions } from "@arborio/core";
import { resolved } from "@arborio/core/lowlevel";
import type { AsyncResource } from "../resource.ts";
import {
  closedHere,
  type Channel,
  type MemoryObjectStreamStatistics,
  type Own,
  type Side,
} from "./channel.ts";

/** What both ends of a memory object stream have. */
export interface MemoryObjectStreamEnd extends AsyncResource, Disposable {
  /**
   * Closes this end, not its clones; done when it returns, it never waits. A task that waits at this very end gets
   * ClosedResourceError (M2). When the last of a side closes, the other side is told (M1).
   */
  close(): Promise<void>;
  /** A frozen snapshot, the same at every end. */
  statistics(): MemoryObjectStreamStatistics;
}

/** One end of a memory object stream. */
export abstract class StreamEnd<T, W, I> implements MemoryObjectStreamEnd {
  protected readonly channel: Channel<T>;
  readonly #side: Side<W, I>;
  readonly #own: Own<W> = new Set();
  #closed = false;

  constructor(channel: Channel<T>, side: Side<W, I>) {
    this.channel = channel;
    this.#side = side;
    side.open++;
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      for (const waiter of this.#own) waiter.fail(closedHere());
      this.#own.clear();
      if (--this.#side.open === 0) this.closedLast();
    }
    return resolved();
  }

  closeForcefully(): void {
    void this.close();
  }

  statistics(): MemoryObjectStreamStatistics {
    return this.channel.statistics();
  }

  [Symbol.dispose](): void {
    void this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** It was the last open end of its side. */
  protected abstract closedLast(): void;

  /** The channel, for what only an open end may do. */
  protected get open(): Channel<T> {
    if (this.#closed) throw closedHere();
    return this.channel;
  }

  protected wait(item: I, waitingFor: string, options: WaitOptions | undefined): Promise<W> {
    return this.#side.wait(this.#own, item, waitingFor, options);
  }
}
