import { EndOfStream, isError } from "@arborio/core";
import { Channel } from "./memory/channel.ts";
import { Fifo } from "./memory/fifo.ts";
import { ReceiveEnd, type MemoryObjectReceiveStream } from "./memory/receive-end.ts";
import { checkSize } from "./memory/size.ts";
import { Source, type ItemSource } from "./source.ts";

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
  const length = checkSize("tee the stream", count, 1);
  const trunk = new Trunk(new Source(source));
  return Array.from({ length }, () => trunk.branch());
}

class Trunk<T> {
  /** Why nothing more comes. */
  failure: unknown;
  readonly #source: Source<T>;
  readonly #branches = new Set<Branch<T>>();

  constructor(source: Source<T>) {
    this.#source = source;
  }

  branch(): MemoryObjectReceiveStream<T> {
    const branch = new Branch(this);
    this.#branches.add(branch);
    return new ReceiveEnd(branch);
  }

  pull(): void {
    this.#source.pull(
      (item) => {
        for (const branch of this.#branches) branch.put(item);
        if ([...this.#branches].some(({ receivers }) => receivers.size > 0)) this.pull();
      },
      (error) => {
        this.failure = error;
        this.#tell(error);
      },
      (error) => this.#tell(error),
    );
  }

  #tell(error: unknown): void {
    for (const branch of this.#branches) branch.receivers.fail(() => again(error));
  }

  leave(branch: Branch<T>): void {
    this.#branches.delete(branch);
    if (this.#branches.size === 0) this.#source.stop();
  }
}

class Branch<T> extends Channel<T> {
  readonly #trunk: Trunk<T>;

  constructor(trunk: Trunk<T>) {
    super(Infinity, new Fifo());
    this.senders.open = 1;
    this.#trunk = trunk;
  }

  override filled(): boolean {
    if (super.filled()) return true;
    if (this.#trunk.failure !== undefined) throw again(this.#trunk.failure);
    this.#trunk.pull();
    return false;
  }

  override abandon(): void {
    super.abandon();
    this.#trunk.leave(this);
  }
}

/** An error for one more who is told: the end is a new one each time. */
function again(error: unknown): Error {
  return isError(error, "EndOfStream") ? new EndOfStream(error.message) : (error as Error);
}
