import { checkCount } from "../arguments.ts";
import { brokenError } from "../errors.ts";
import type { ObjectSendStream } from "../object-streams.ts";
import { Branch, type Feed } from "./branch.ts";
import { Side } from "./channel.ts";
import { ReceiveEnd, type MemoryObjectReceiveStream } from "./receive-end.ts";
import { SendEnd, type Intake } from "./send-end.ts";

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
  return new BroadcastEnd<T>(new Hub(checkCount(action, "size", size, 1, Infinity), laggards));
}

class BroadcastEnd<T> extends SendEnd<T, Hub<T>> implements BroadcastStream<T> {
  constructor(hub: Hub<T>) {
    super(hub);
  }

  subscribe(): MemoryObjectReceiveStream<T> {
    return this.open.subscribe();
  }
}

/**
 * Invariant: senders wait only while a receiver has no room; who fell too far behind is no branch any more, though its ends
 * are open.
 */
class Hub<T> implements Intake<T>, Feed<T> {
  readonly senders: Side<void, T> = new Side();
  readonly #size: number;
  readonly #laggards: Laggards;
  readonly #branches = new Set<Branch<T>>();

  constructor(size: number, laggards: Laggards) {
    this.#size = size;
    this.#laggards = laggards;
  }

  subscribe(): MemoryObjectReceiveStream<T> {
    const branch = new Branch(this.#size, this);
    this.#branches.add(branch);
    return new ReceiveEnd(branch);
  }

  put(item: T): boolean {
    if (this.#laggards === "wait" && this.#used() >= this.#size) return false;
    for (const branch of this.#branches) if (!branch.put(item)) this.#overtake(branch, item);
    return true;
  }

  end(): void {
    for (const branch of this.#branches) branch.close();
  }

  dry(branch: Branch<T>): false {
    if (this.#branches.has(branch)) return false;
    throw brokenError("receive", "the receiver fell too far behind");
  }

  /** Lets senders that wait send, as long as there is room. */
  freed(): void {
    const { senders } = this;
    while (senders.first && this.put(senders.first.item.item)) senders.wake();
  }

  left(branch: Branch<T>): void {
    this.#branches.delete(branch);
    this.freed();
  }

  statistics(): BroadcastStatistics {
    return {
      receivers: this.#branches.size,
      bufferUsed: this.#used(),
      bufferSize: this.#size,
      tasksWaitingSend: this.senders.size,
    };
  }

  /** How many items wait at the receiver that is furthest behind. */
  #used(): number {
    let used = 0;
    for (const { buffer } of this.#branches) used = Math.max(used, buffer.size);
    return used;
  }

  #overtake(branch: Branch<T>, item: T): void {
    if (this.#laggards === "fail") return branch.abandon();
    branch.buffer.shift();
    branch.put(item);
  }
}
