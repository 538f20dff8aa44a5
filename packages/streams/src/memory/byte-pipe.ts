import type { WaitOptions } from "@arborio/core";
import { markOrigin, resolved, suspend, yieldFirst, type Waiter } from "@arborio/core/lowlevel";
import { ByteQueue } from "../byte-queue.ts";
import { brokenError, busyError, closedError, endError } from "../errors.ts";

/** One direction of a memory byte stream. */
export interface BytePipe {
  send(bytes: Uint8Array, options: WaitOptions | undefined): Promise<void>;
  receive(maxBytes: number, options: WaitOptions | undefined): Promise<Uint8Array>;
  /** Closes the side that sends. */
  end(): void;
  /** Closes the side that receives. */
  abandon(): void;
  /** The streams at its ends, whose errors are theirs. */
  sendsFrom: object | undefined;
  receivesAt: object | undefined;
}

/**
 * Invariant: a receiver waits only while the queue is empty; a sender only while it is longer than `size`. What is beyond that
 * is the sender's: dropped if it is sent no more.
 */
export function createBytePipe(size: number): BytePipe {
  const queue = new ByteQueue();
  let sender: Waiter<void> | undefined;
  let receiver: Waiter<Uint8Array> | undefined;
  /** How many bytes the receiver takes. */
  let most = 0;
  let ended = false;
  let abandoned = false;
  /** Whether a send was cancelled (M7). */
  let cut = false;

  const drop = (to: number): void => {
    queue.keep(0, to);
    sender = undefined;
  };

  const put = (bytes: Uint8Array): void => {
    queue.push(bytes);
    if (!receiver || bytes.length === 0) return;
    receiver.resume(queue.take(most));
    receiver = undefined;
  };

  const send = (bytes: Uint8Array, options: WaitOptions | undefined): Promise<void> => {
    if (ended) throw closedError("send");
    if (sender) throw busyError("send");
    if (cut) throw ofSender(brokenError("send", "an earlier send was cancelled"));
    if (abandoned) throw ofSender(peerClosed());
    if (queue.view.length + bytes.length <= size + (receiver ? most : 0)) {
      put(bytes);
      return resolved();
    }
    // Not before it is armed: a deadline may have passed since the last look, and then nothing was sent.
    const arm = (waiter: Waiter<void>): (() => void) => {
      put(bytes);
      sender = waiter;
      return () => {
        drop(size);
        cut = true;
      };
    };
    return suspend(arm, { signal: options?.signal, waitingFor: "room in the stream" });
  };

  const receive = (maxBytes: number, options: WaitOptions | undefined): Uint8Array | Promise<Uint8Array> => {
    if (abandoned) throw closedError("receive");
    if (receiver) throw busyError("receive");
    if (queue.view.length > 0) {
      const bytes = queue.take(maxBytes);
      if (queue.view.length <= size) {
        sender?.resume();
        sender = undefined;
      }
      return bytes;
    }
    if (ended) throw ofReceiver(hasEnded());
    const arm = (waiter: Waiter<Uint8Array>): (() => void) => {
      receiver = waiter;
      most = maxBytes;
      return () => (receiver = undefined);
    };
    return suspend(arm, { signal: options?.signal, waitingFor: "bytes of the stream" });
  };

  const pipe: BytePipe = {
    sendsFrom: undefined,
    receivesAt: undefined,
    send: (bytes, options) => yieldFirst(() => send(bytes, options), options),
    receive: (maxBytes, options) => yieldFirst(() => receive(maxBytes, options), options),
    end() {
      ended = true;
      receiver?.fail(ofReceiver(hasEnded()));
      sender?.fail(closedError("send"));
      receiver = undefined;
      if (sender) drop(size);
    },
    abandon() {
      abandoned = true;
      receiver?.fail(closedError("receive"));
      sender?.fail(ofSender(peerClosed()));
      receiver = undefined;
      drop(0);
    },
  };
  const ofSender = (error: Error): Error => markOrigin(error, pipe.sendsFrom ?? pipe);
  const ofReceiver = (error: Error): Error => markOrigin(error, pipe.receivesAt ?? pipe);
  return pipe;
}

const peerClosed = (): Error => brokenError("send", "the other side was closed");
const hasEnded = (): Error => endError("the other side has ended the stream");
