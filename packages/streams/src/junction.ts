import { EndOfStream, isError, type WaitOptions } from "@arborio/core";
import {
  begin,
  copyOrigin,
  currentScope,
  handled,
  isCancelledLeaf,
  markLayer,
  markOrigin,
  runUnder,
} from "@arborio/core/lowlevel";
import { brokenError, endError } from "./errors.ts";
import { Branch, type Feed } from "./memory/branch.ts";
import { ReceiveEnd } from "./memory/receive-end.ts";
import type { ObjectReceiveStream } from "./object-streams.ts";

/** Where items can be pulled from. */
export type ItemSource<T> = Pick<ObjectReceiveStream<T>, "receive"> | AsyncIterable<T>;

interface Source<T> {
  readonly next: (options: WaitOptions) => Promise<T>;
  readonly end?: () => unknown;
  /** Whether a pull runs. */
  pulling?: boolean;
}

/**
 * Where items of several sources come together, and go to each of several branches; gives what makes a branch. Sources are
 * pulled when a branch that has nothing is waited at. A pull belongs to no one call but to the scope in which the junction
 * was made, so that a cancelled call loses nothing. At most one pull of each source runs.
 *
 * Invariant: while a task waits at a branch all sources that go on are pulled.
 *
 * @param discard of the one branch of several sources: gets what came for nobody, once it is closed
 */
export function createJunction<T>(
  from: readonly ItemSource<T>[],
  discard?: (item: T) => void,
): () => ReceiveEnd<T> {
  const home = currentScope();
  const stop = new AbortController();
  const sources = new Set(from.map(sourceOf));
  const branches = new Set<Branch<T>>();
  /** What sources failed with, each for one receive. */
  const errors: unknown[] = [];
  /** Why nothing more comes, once no source is left. */
  let over: unknown = markOrigin(endError("all sources have ended"), markLayer({}, ...from));

  const pullAll = (): void => {
    for (const source of sources) if (source.pulling !== true) pull(source);
  };

  const pull = (source: Source<T>): void => {
    source.pulling = true;
    runUnder(home, () => begin(source.next, { signal: stop.signal })).then(
      (item) => {
        source.pulling = false;
        give(item);
      },
      (error: unknown) => {
        source.pulling = false;
        fail(source, error);
      },
    );
  };

  const give = (item: T): void => {
    if (branches.size === 0) discard?.(item);
    for (const branch of branches) branch.put(item);
    if ([...branches].some(({ receivers }) => receivers.size > 0)) pullAll();
  };

  const fail = (source: Source<T>, error: unknown): void => {
    // The next pull may do better.
    if (isCancelledLeaf(error))
      return tell(brokenError("receive", "the scope of the stream was cancelled", { cause: error }));
    sources.delete(source);
    if (!discard) over = error;
    else if (!isError(error, "EndOfStream")) failOne(error);
    if (sources.size === 0) tell(over);
  };

  const failOne = (error: unknown): void => {
    for (const { receivers } of branches) if (receivers.take()?.fail(error) === true) return;
    errors.push(error);
  };

  const tell = (error: unknown): void => {
    for (const { receivers } of branches) receivers.fail(() => again(error));
  };

  const feed: Feed<T> = {
    dry() {
      if (errors.length > 0) throw errors.shift();
      if (sources.size === 0) throw again(over);
      pullAll();
      return false;
    },
    left(branch) {
      branches.delete(branch);
      if (discard) while (branch.buffer.size > 0) discard(branch.buffer.shift());
      if (branches.size > 0) return;
      stop.abort(new EndOfStream());
      for (const { end } of sources) if (end) void handled(begin(end, undefined));
    },
  };

  return () => {
    const branch = new Branch(Infinity, feed);
    branches.add(branch);
    return new ReceiveEnd(branch);
  };
}

function sourceOf<T>(source: ItemSource<T>): Source<T> {
  if ("receive" in source) return { next: (options) => source.receive(options) };
  const iterator = source[Symbol.asyncIterator]();
  return {
    next: () => iterator.next().then(valueOf),
    end: () => iterator.return?.(),
  };
}

function valueOf<T>(result: IteratorResult<T>): T {
  if (result.done === true) throw endError("the iterable has ended");
  return result.value;
}

/** An error for one more who is told: the end is a new one each time. */
function again(error: unknown): Error {
  return isError(error, "EndOfStream") ? copyOrigin(new EndOfStream(error.message), error) : (error as Error);
}
