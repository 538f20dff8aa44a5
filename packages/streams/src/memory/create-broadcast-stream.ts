import { show } from "@arborio/core/lowlevel";
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
      `Cannot ${action}: laggards must be wait, dropOldest or fail, received ${show(laggards)}`,
    );
  return new BroadcastEnd<T>(createHub(checkCount(action, "size", size, 1, Infinity), laggards));
}

class BroadcastEnd<T> extends SendEnd<T, Hub<T>> implements BroadcastStream<T> {
  subscribe(): MemoryObjectReceiveStream<T> {
    return this.open.subscribe();
  }
}

interface Hub<T> extends Intake<T> {
  subscribe(): MemoryObjectReceiveStream<T>;
  statistics(): BroadcastStatistics;
}

/**
 * Invariant: senders wait only while a receiver has no room; who fell too far behind is no branch any more, though its ends
 * are open.
 */
function createHub<T>(size: number, laggards: Laggards): Hub<T> {
  const senders = new Side<void, T>();
  const branches = new Set<Branch<T>>();

  /** How many items wait at the receiver that is furthest behind. */
  const used = (): number => {
    let most = 0;
    for (const { buffer } of branches) most = Math.max(most, buffer.size);
    return most;
  };

  const overtake = (branch: Branch<T>, item: T): void => {
    if (laggards === "fail") return branch.abandon();
    branch.buffer.shift();
    branch.put(item);
  };

  const put = (item: T): boolean => {
    if (laggards === "wait" && used() >= size) return false;
    for (const branch of branches) if (!branch.put(item)) overtake(branch, item);
    return true;
  };

  /** Lets senders that wait send, as long as there is room. */
  const freed = (): void => {
    while (senders.first && put(senders.first.item.item)) senders.wake();
  };

  const feed: Feed<T> = {
    dry(branch) {
      if (branches.has(branch)) return false;
      throw brokenError("receive", "the receiver fell too far behind");
    },
    freed,
    left(branch) {
      branches.delete(branch);
      freed();
    },
  };

  return {
    senders,
    put,
    takes: put,
    end() {
      for (const branch of branches) {
        branch.senders.open = 0;
        branch.end();
      }
    },
    subscribe() {
      const branch = new Branch(size, feed);
      branches.add(branch);
      return new ReceiveEnd(branch);
    },
    statistics: () => ({
      receivers: branches.size,
      bufferUsed: used(),
      bufferSize: size,
      tasksWaitingSend: senders.size,
    }),
  };
}
