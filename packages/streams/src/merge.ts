import { createJunction, type ItemSource } from "./junction.ts";
import type { ObjectReceiveStream } from "./object-streams.ts";

/**
 * One stream of the items of several, as they come. Each source is asked for an item when a receiver waits, and only then;
 * none is asked twice while others have items that nobody took. It ends when all have ended.
 *
 * An error of a source is thrown by one `receive`; the others go on.
 *
 * **Cancellation** Nothing is lost: what a source brings for a cancelled `receive` goes to the next. The sources are waited
 * for in the scope in which `merge` was called.
 *
 * Closing it ends those that are iterators, and leaves streams open.
 */
export function merge<T>(...sources: readonly ItemSource<T>[]): ObjectReceiveStream<T> {
  return createJunction(sources, () => {})();
}
