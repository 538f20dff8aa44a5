import { checkpointIfCancelled } from "@arborio/core";
import { shield } from "@arborio/cancellation";
import { awaitPromise, handled, wrongType, type ScopeNode } from "@arborio/core/lowlevel";

/** Where items come from, pulled one by one in a scope. */
export class Source<I> {
  readonly #iterator: Iterator<I, undefined> | AsyncIterator<I, undefined>;
  readonly #isAsync: boolean;
  readonly #scope: ScopeNode;
  /** Over: it was read to its end, or failed, and need not be told that no more is wanted. */
  #state: "idle" | "pulling" | "over" = "idle";

  /** @throws TypeError for what is no iterable */
  constructor(items: Iterable<I> | AsyncIterable<I>, action: string, scope: ScopeNode) {
    const from = items as Partial<Iterable<I, undefined> & AsyncIterable<I, undefined>> | null | undefined;
    const make: (() => Iterator<I, undefined> | AsyncIterator<I, undefined>) | undefined =
      from?.[Symbol.asyncIterator] ?? from?.[Symbol.iterator];
    if (make === undefined) throw wrongType(action, "it takes an iterable of items", items);
    this.#iterator = make.call(items);
    this.#isAsync = from?.[Symbol.asyncIterator] !== undefined;
    this.#scope = scope;
  }

  /** Waits for the next item. **Cancellation** ends the waiting; an item that comes late is dropped. */
  async next(): Promise<IteratorResult<I, undefined>> {
    const { signal } = this.#scope;
    await checkpointIfCancelled({ signal });
    const before = this.#scope.first?.previous;
    const pulled = this.#pull();
    if (!this.#isAsync) return pulled;
    // A source that itself waits here, as the last in the scope, is the library's: it must not hold a virtual clock, as foreign promises do.
    const real = this.#scope.first?.previous === before;
    return awaitPromise(pulled, { signal, real, waitingFor: "the next item" });
  }

  /** Tells the source that no more is wanted, if it does not know, and waits until it has cleaned up. */
  async close(): Promise<void> {
    const end = async (): Promise<unknown> => this.#iterator.return?.();
    // An item is under way still: a foreign source may never come to its end.
    if (this.#state === "pulling") void handled(end());
    if (this.#state === "idle") await shield(end);
  }

  async #pull(): Promise<IteratorResult<I, undefined>> {
    this.#state = "pulling";
    try {
      const next = this.#iterator.next();
      const result = this.#isAsync ? await next : (next as IteratorResult<I, undefined>);
      this.#state = result.done === true ? "over" : "idle";
      return result;
    } catch (error) {
      this.#state = "over";
      throw error;
    }
  }
}
