import { Channel } from "./channel.ts";
import { Fifo } from "./fifo.ts";

/** What feeds branches. */
export interface Feed<T> {
  /** Nothing waits at the branch: false if something may still come, else it throws why nothing will. */
  readonly dry: (branch: Branch<T>) => boolean;
  /** An item was taken from a branch. */
  readonly freed?: () => void;
  /** The last receive end of the branch was closed. What is left in it is still there. */
  readonly left: (branch: Branch<T>) => void;
}

/** A channel that is fed by something else than send ends: each of several gets each item. */
export class Branch<T> extends Channel<T> {
  readonly #feed: Feed<T>;

  constructor(size: number, feed: Feed<T>) {
    super(size, new Fifo());
    this.#feed = feed;
    this.senders.open = 1;
  }

  override filled(): boolean {
    return super.filled() || this.#feed.dry(this);
  }

  override take(): T {
    const item = super.take();
    this.#feed.freed?.();
    return item;
  }

  override abandon(): void {
    this.#feed.left(this);
    super.abandon();
  }
}
