import { shield } from "@arborio/cancellation";
import { awaitPromise, handled, suspend, wrongType, type ScopeNode } from "@arborio/core/lowlevel";

/** Where items come from, pulled one by one in a scope. */
export class Source<I> {
  readonly #iterator: Iterator<I> | AsyncIterator<I>;
  readonly #isAsync: boolean;
  readonly #scope: ScopeNode;
  /** It was read to its end, or failed: nobody need tell it that no more is wanted. */
  #over = false;
  #pulling = false;

  /** @throws TypeError for what is no iterable */
  constructor(items: Iterable<I> | AsyncIterable<I>, action: string, scope: ScopeNode) {
    const from = items as Partial<Iterable<I> & AsyncIterable<I>> | null | undefined;
    const iterate = from?.[Symbol.asyncIterator] ?? from?.[Symbol.iterator];
    if (typeof iterate !== "function") throw wrongType(action, "it takes an iterable of items", items);
    this.#iterator = iterate.call(items);
    this.#isAsync = from?.[Symbol.asyncIterator] !== undefined;
    this.#scope = scope;
  }

  /** Waits for the next item. **Cancellation** ends the waiting; an item that comes late is dropped. */
  async next(): Promise<IteratorResult<I>> {
    this.#over = true; // unless it gives an item
    const result = this.#isAsync ? await this.#wait() : (this.#iterator as Iterator<I>).next();
    this.#over = result.done === true;
    return result;
  }

  /** Tells the source that no more is wanted, if it does not know, and waits until it has cleaned up. */
  async close(): Promise<void> {
    const iterator = this.#iterator;
    const end = async (): Promise<unknown> => iterator.return?.();
    // An item is under way still: a foreign source may never come to its end.
    if (this.#pulling) void handled(end());
    else if (!this.#over) await shield(end);
  }

  #wait(): Promise<IteratorResult<I>> {
    const scope = this.#scope;
    const waits = scope.waits?.size ?? 0;
    const options = { signal: scope.signal, waitingFor: "the next item" };
    const pulled = () => void (this.#pulling = false);
    this.#pulling = true;
    const promise = Promise.resolve((this.#iterator as AsyncIterator<I>).next());
    promise.then(pulled, pulled);
    // A source that itself waits here is the library's: it must not hold a virtual clock, as foreign promises do.
    return (scope.waits?.size ?? 0) === waits
      ? awaitPromise(promise, options)
      : suspend((waiter) => void promise.then((value) => waiter.resume(value), (error) => waiter.fail(error)), options);
  }
}
