import { EndOfStream, isError, type WaitOptions } from "@arborio/core";
import {
  begin,
  currentScope,
  handled,
  isCancelledLeaf,
  runUnder,
  type ScopeNode,
} from "@arborio/core/lowlevel";
import { brokenError, endError } from "./errors.ts";
import { Branch, type Feed } from "./memory/branch.ts";
import { ReceiveEnd } from "./memory/receive-end.ts";
import type { ObjectReceiveStream } from "./object-streams.ts";

/** Where items can be pulled from. */
export type ItemSource<T> = Pick<ObjectReceiveStream<T>, "receive"> | AsyncIterable<T>;

interface Source<T> {
  next(options: WaitOptions): Promise<T>;
  return?(): unknown;
  /** Whether a pull runs. */
  pulling?: boolean | undefined;
}

/**
 * Where items of several sources come together, and go to each of several branches. Sources are pulled when a branch that has
 * nothing is waited at. A pull belongs to no one call but to the scope in which the junction was made, so that a cancelled
 * call loses nothing. At most one pull of each source runs.
 *
 * Invariant: while a task waits at a branch all sources that go on are pulled.
 */
export class Junction<T> implements Feed<T> {
  readonly #home: ScopeNode | undefined = currentScope();
  readonly #stop = new AbortController();
  readonly #sources: Set<Source<T>>;
  readonly #branches = new Set<Branch<T>>();
  readonly #discard: ((item: T) => void) | undefined;
  /** What sources failed with, each for one receive. */
  readonly #errors: unknown[] = [];
  /** Why nothing more comes, once no source is left. */
  #over: unknown = endError("all sources have ended");

  /** @param discard of the one branch of several sources: gets what came for nobody, once it is closed */
  constructor(sources: readonly ItemSource<T>[], discard?: (item: T) => void) {
    this.#sources = new Set(sources.map(sourceOf));
    this.#discard = discard;
  }

  branch(): ReceiveEnd<T> {
    const branch = new Branch(Infinity, this);
    this.#branches.add(branch);
    return new ReceiveEnd(branch);
  }

  dry(): false {
    if (this.#errors.length > 0) throw this.#errors.shift();
    if (this.#sources.size === 0) throw again(this.#over);
    this.#pullAll();
    return false;
  }

  left(branch: Branch<T>): void {
    this.#branches.delete(branch);
    const discard = this.#discard;
    if (discard) while (branch.buffer.size > 0) discard(branch.buffer.shift());
    if (this.#branches.size > 0) return;
    this.#stop.abort(new EndOfStream());
    for (const source of this.#sources) void handled(begin(() => source.return?.(), undefined));
  }

  #pullAll(): void {
    for (const source of this.#sources) if (!source.pulling) this.#pull(source);
  }

  #pull(source: Source<T>): void {
    source.pulling = true;
    runUnder(this.#home, () => begin(source.next, { signal: this.#stop.signal })).then(
      (item) => {
        source.pulling = false;
        this.#give(item);
      },
      (error: unknown) => {
        source.pulling = false;
        this.#fail(source, error);
      },
    );
  }

  #give(item: T): void {
    const branches = [...this.#branches];
    if (branches.length === 0) this.#discard?.(item);
    for (const branch of branches) branch.put(item);
    if (branches.some(({ receivers }) => receivers.size > 0)) this.#pullAll();
  }

  #fail(source: Source<T>, error: unknown): void {
    // The next pull may do better.
    if (isCancelledLeaf(error))
      return this.#tell(
        brokenError("receive", "the scope of the stream was cancelled", { cause: error }),
      );
    this.#sources.delete(source);
    if (!this.#discard) this.#over = error;
    else if (!isError(error, "EndOfStream")) this.#failOne(error);
    if (this.#sources.size === 0) this.#tell(this.#over);
  }

  #failOne(error: unknown): void {
    for (const { receivers } of this.#branches) if (receivers.take()?.fail(error) === true) return;
    this.#errors.push(error);
  }

  #tell(error: unknown): void {
    for (const { receivers } of this.#branches) receivers.fail(() => again(error));
  }
}

function sourceOf<T>(source: ItemSource<T>): Source<T> {
  if ("receive" in source) return { next: (options) => source.receive(options) };
  const iterator = source[Symbol.asyncIterator]();
  return {
    next: () => iterator.next().then(valueOf),
    return: () => iterator.return?.(),
  };
}

function valueOf<T>(result: IteratorResult<T>): T {
  if (result.done === true) throw endError("the iterable has ended");
  return result.value;
}

/** An error for one more who is told: the end is a new one each time. */
function again(error: unknown): Error {
  return isError(error, "EndOfStream") ? new EndOfStream(error.message) : (error as Error);
}
