import { ClosedResourceError, EndOfStream, MisuseError, type WaitOptions } from "@arborio/core";
import { suspend, WaitQueue, yieldFirst, type Waiter } from "@arborio/core/lowlevel";
import { shield } from "@arborio/cancellation";
import type { ObjectReceiveStream } from "@arborio/streams";
import { ClosedAtOnce, receiveAll } from "@arborio/streams/lowlevel";
import type { TaskHandle } from "@arborio/task-group";

/** A generator that is asked, and gives. */
export type Source<T> = AsyncGenerator<T, unknown, undefined>;

/**
 * What a generator yields, as a stream. The generator runs in one task, {@link serve}.
 *
 * Invariants: it is asked only while somebody waits, once for each. `#left` has an item whose receiver was cancelled while
 * the generator made it: then nobody waits.
 */
export class GeneratorChannel<T> extends ClosedAtOnce implements ObjectReceiveStream<T> {
  readonly #name: string;
  readonly #source: Source<T>;
  readonly #receivers = new WaitQueue<T>();
  #left: { readonly item: T } | undefined;
  #state: "open" | "ended" | "closed" = "open";
  /** The generator's task; and its wait, while it waits to be asked. */
  #task: TaskHandle | undefined;
  #idle: Waiter<void> | undefined;

  constructor(name: string, source: Source<T>) {
    super();
    this.#name = name;
    this.#source = source;
  }

  receive(options?: WaitOptions): Promise<T> {
    return yieldFirst(() => this.#take(options), options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiveAll(() => this.receive());
  }

  closeForcefully(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#left = undefined;
    this.#fail(() => this.#closed());
    // Where it waits to be asked it ends in order; in the middle of a step it is cancelled.
    if (!this.#wake()) this.#task?.cancel();
  }

  /** The life of the generator, to be run as a task. */
  async serve(task: TaskHandle): Promise<void> {
    this.#task = task;
    const { signal } = task;
    try {
      while (await this.#isAsked(signal)) {
        const { done, value } = await this.#source.next();
        if (done === true) break;
        if (!this.#receivers.wake(value)) this.#left = { item: value };
      }
    } finally {
      await shield(() => this.#cleanUp(), { signal });
    }
    if (this.#state === "open") this.#state = "ended";
    this.#fail(() => this.#ended());
  }

  async #cleanUp(): Promise<void> {
    const { done } = await this.#source.return(undefined);
    if (done !== true)
      throw new MisuseError(`Cannot end ${this.#name}: its generator yields in its clean-up`);
  }

  /** Waits until somebody waits for an item; false if it was closed. */
  async #isAsked(signal: AbortSignal): Promise<boolean> {
    const arm = (waiter: Waiter<void>): (() => void) => {
      this.#idle = waiter;
      return () => (this.#idle = undefined);
    };
    while (this.#state === "open" && this.#receivers.size === 0)
      await suspend(arm, { signal, waitingFor: `a receiver of ${this.#name}` });
    return this.#state === "open";
  }

  #take(options: WaitOptions | undefined): T | Promise<T> {
    if (this.#state === "closed") throw this.#closed();
    if (this.#left !== undefined) {
      const { item } = this.#left;
      this.#left = undefined;
      return item;
    }
    if (this.#state === "ended") throw this.#ended();
    const arm = (waiter: Waiter<T>): void => {
      this.#receivers.add(waiter);
      this.#wake();
    };
    return suspend(arm, { signal: options?.signal, waitingFor: `an item of ${this.#name}` });
  }

  /** Has the task go on, if it waits to be asked. */
  #wake(): boolean {
    const idle = this.#idle;
    this.#idle = undefined;
    return idle?.resume() ?? false;
  }

  /** Fails all that wait, each with an error of its own: two tasks that fail are two (T2). */
  #fail(error: () => Error): void {
    while (this.#receivers.size > 0) this.#receivers.take()?.fail(error());
  }

  #closed(): Error {
    return new ClosedResourceError(`Cannot receive: ${this.#name} was closed`);
  }

  #ended(): Error {
    return new EndOfStream(`Cannot receive: ${this.#name} has ended`);
  }
}
