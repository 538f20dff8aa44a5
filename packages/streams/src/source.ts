import { BrokenResourceError, EndOfStream, type WaitOptions } from "@arborio/core";
import {
  begin,
  currentScope,
  handled,
  isCancelledLeaf,
  runUnder,
  type ScopeNode,
} from "@arborio/core/lowlevel";
import type { ObjectReceiveStream } from "./object-streams.ts";

/** Where items can be pulled from. */
export type ItemSource<T> = Pick<ObjectReceiveStream<T>, "receive"> | AsyncIterable<T>;

/**
 * A source that is pulled on behalf of several: a pull belongs to no one call but to the scope in which the source was made, so
 * that a cancelled call loses nothing. At most one pull runs.
 */
export class Source<T> {
  /** Whether a pull runs. */
  pulling = false;
  readonly #home: ScopeNode | undefined = currentScope();
  readonly #stop: AbortController = new AbortController();
  readonly #next: (options: WaitOptions) => Promise<T>;
  readonly #return: () => unknown;

  constructor(source: ItemSource<T>) {
    if ("receive" in source) {
      this.#next = (options) => source.receive(options);
      this.#return = nothing;
    } else {
      const iterator = source[Symbol.asyncIterator]();
      this.#next = () => iterator.next().then(valueOf);
      this.#return = () => iterator.return?.();
    }
  }

  /**
   * Pulls one item, unless a pull runs. `onEnd` gets EndOfStream, or why there will be no more; `onCut` what to tell who waits
   * if the pull was cancelled: the next may do better.
   */
  pull(onItem: (item: T) => void, onEnd: (error: unknown) => void, onCut: (error: Error) => void): void {
    if (this.pulling) return;
    this.pulling = true;
    const over = (): void => void (this.pulling = false);
    runUnder(this.#home, () => begin(this.#next, { signal: this.#stop.signal })).then(
      (item) => (over(), onItem(item)),
      (error: unknown) => (over(), isCancelledLeaf(error) ? onCut(homeless(error)) : onEnd(error)),
    );
  }

  /** Ends a pull that runs, and the source if it is an iterator. */
  stop(): void {
    this.#stop.abort(new EndOfStream());
    void handled(begin(async () => this.#return(), undefined));
  }
}

const nothing = (): void => {};

function valueOf<T>(result: IteratorResult<T>): T {
  if (result.done === true) throw new EndOfStream("Cannot receive: the iteration is over");
  return result.value;
}

const homeless = (cause: unknown): Error =>
  new BrokenResourceError("Cannot receive: the scope in which the stream was made was cancelled", { cause });
