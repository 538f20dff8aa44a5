import { checkCount } from "./arguments.ts";
import { createJunction, type ItemSource } from "./junction.ts";
import type { MemoryObjectReceiveStream } from "./memory/receive-end.ts";

/**
 * Several streams of the same items: each gets all of them. The source is asked for an item when one of them waits for it;
 * the others keep it until they come to it, however many that are.
 *
 * **Cancellation** Nothing is lost. The source is waited for in the scope in which `tee` was called.
 *
 * When all are closed the source is ended if it is an iterator, and left open if it is a stream.
 *
 * @throws RangeError if `count` is no whole number from 1 on
 */
export function tee<T>(source: ItemSource<T>, count: number = 2): MemoryObjectReceiveStream<T>[] {
  checkCount("tee the stream", "count", count);
  const branch = createJunction([source]);
  return Array.from({ length: count }, branch);
}
