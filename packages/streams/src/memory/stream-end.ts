import { ClosedResourceError, type WaitOptions } from "@arborio/core";
import { suspend, type Waiter } from "@arborio/core/lowlevel";
import { ClosedAtOnce } from "../closed-at-once.ts";
import type { AsyncResource } from "../resource.ts";
import type { MemoryObjectStreamStatistics, Own, Side } from "./channel.ts";

/** What both ends of a memory object stream have. */
export interface MemoryObjectStreamEnd extends AsyncResource, Disposable {
  /**
   * Closes this end, not its clones; done when it returns, it never waits. A task that waits at this very end gets
   * ClosedResourceError (M2). When the last of a side closes, the other side is told (M1).
   */
  close(): Promise<void>;
  /** A frozen snapshot, the same at every end. */
  statistics(): MemoryObjectStreamStatistics;
}

interface Counted {
  statistics(): object;
}

/** One end of a memory object stream. */
export abstract class StreamEnd<C extends Counted, W, I> extends ClosedAtOnce {
  protected readonly channel: C;
  readonly #side: Side<W, I>;
  /** Undefined once it is closed. */
  #own: Own<W> | undefined = new Set();

  constructor(channel: C, side: Side<W, I>) {
    super();
    this.channel = channel;
    this.#side = side;
    side.open++;
  }

  closeForcefully(): void {
    const own = this.#own;
    if (!own) return;
    this.#own = undefined;
    for (const waiter of own) waiter.fail(closedHere());
    if (--this.#side.open === 0) this.closedLast();
  }

  statistics(): ReturnType<C["statistics"]> {
    return Object.freeze(this.channel.statistics()) as ReturnType<C["statistics"]>;
  }

  clone(): this {
    return new (this.constructor as new (channel: C) => this)(this.open);
  }

  /** It was the last open end of its side. */
  protected abstract closedLast(): void;

  protected get isOpen(): boolean {
    return this.#own !== undefined;
  }

  /** The channel, for what only an open end may do. */
  protected get open(): C {
    if (!this.#own) throw closedHere();
    return this.channel;
  }

  /** Called while it is open. */
  protected wait(item: I, waitingFor: string, options: WaitOptions | undefined): Promise<W> {
    const own = this.#own!;
    const arm = (waiter: Waiter<W>): (() => void) => {
      this.#side.add(waiter, { own, item });
      own.add(waiter);
      return () => own.delete(waiter);
    };
    return suspend(arm, { signal: options?.signal, waitingFor });
  }
}

const closedHere = (): Error => new ClosedResourceError("Cannot go on: the end was closed on this side");
