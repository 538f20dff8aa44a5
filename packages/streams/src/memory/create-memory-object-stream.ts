import { Channel } from "./channel.ts";
import type { ItemOrder } from "./order.ts";
import { ReceiveEnd, type MemoryObjectReceiveStream } from "./receive-end.ts";
import { Fifo } from "./fifo.ts";
import { SendEnd, type MemoryObjectSendStream } from "./send-end.ts";
import { checkCount } from "../arguments.ts";

/** How a memory object stream is made. */
export interface MemoryObjectStreamOptions<T> {
  /** Which of the buffered items comes out next: by default the oldest; `lifoOrder`, `priorityOrder(compare)`. */
  readonly order?: ItemOrder<T> | undefined;
}

/**
 * A stream of objects between tasks: an end to send, an end to receive, and a buffer between them.
 *
 * `send` waits while the buffer is full; with size 0 until a receiver takes the item (M1).
 *
 * **Fairness** FIFO on both sides; what goes to a waiting task cannot be taken by another (M3).
 *
 * @param size of the buffer, in items: a whole number from 0 on, or Infinity
 * @throws RangeError or TypeError for another size, TypeError for an order that is no function
 */
export function createMemoryObjectStream<T>(
  size: number = 0,
  { order = () => new Fifo() }: MemoryObjectStreamOptions<T> = {},
): [MemoryObjectSendStream<T>, MemoryObjectReceiveStream<T>] {
  const channel = new Channel<T>(
    checkCount("create a memory object stream", "size", size, 0, Infinity),
    order(),
  );
  return [new SendEnd(channel), new ReceiveEnd(channel)];
}
