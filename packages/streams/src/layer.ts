import {
  BusyResourceError,
  checkpoint,
  ClosedResourceError,
  IncompleteRead,
  isError,
  type WaitOptions,
} from "@arborio/core";
import { currentScope, runUnder, settling } from "@arborio/core/lowlevel";
import { checkHas } from "./arguments.ts";
import type { ByteReceiveStream } from "./byte-streams.ts";
import { receiveAll } from "./iteration.ts";
import type { AsyncResource } from "./resource.ts";

/** A stream over another, which it owns: closing it closes the one below (M5). */
export class Layer<S extends AsyncResource> implements AsyncResource {
  /** The one below. */
  readonly stream: S;
  /** Why nothing more can be received. @internal */
  protected failure: Error | undefined;

  constructor(stream: S) {
    this.stream = checkHas("wrap the stream", "closeForcefully", stream);
  }

  close(options?: WaitOptions): Promise<void> {
    return this.#shut().close(options);
  }

  closeForcefully(): void {
    this.#shut().closeForcefully();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#shut()[Symbol.asyncDispose]();
  }

  #shut(): S {
    this.failure = closedError("receive", "the stream");
    return this.stream;
  }
}

/** Looks for what was asked among what has come: gives it, or undefined if more must come; at the end, nothing more can. */
export type Look<R> = (end: unknown) => R | undefined;

/**
 * A layer that receives bytes, keeps what it does not need yet, and gives something made of them.
 *
 * Invariant: what came from below is kept before anything else can happen, so a cancelled call loses nothing (M6).
 */
export abstract class ReceiveLayer<S extends ByteReceiveStream, T> extends Layer<S> {
  /** Whether a task receives now. @internal */
  protected busy: boolean = false;

  abstract receive(): Promise<T>;

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiveAll(() => this.receive());
  }

  /** Keeps bytes that came; undefined at the end. @internal */
  protected abstract absorb(bytes?: Uint8Array): void;

  /**
   * Lets others run, looks, and receives from below until the look finds.
   *
   * @param wanted whose absence at the end is an IncompleteRead; else that is EndOfStream
   * @internal
   */
  protected find<R>(look: Look<R>, options?: WaitOptions, wanted?: string): Promise<R> {
    if (this.busy) return Promise.reject(busyError("receive"));
    this.busy = true;
    return settling(this.#find(look, options, wanted), (found) => found);
  }

  async #find<R>(look: Look<R>, options?: WaitOptions, wanted?: string): Promise<R> {
    // Carried by hand, for where there is no ambient context.
    const scope = currentScope();
    let end: unknown;
    try {
      await checkpoint(options);
      for (;;) {
        if (this.failure !== undefined) throw this.failure;
        const found = look(end);
        if (found !== undefined) return found;
        if (end !== undefined) break;
        try {
          this.absorb(await runUnder(scope, () => this.stream.receive(undefined, options)));
        } catch (error) {
          if (!isError(error, "EndOfStream")) throw error;
          end = error;
          this.absorb();
        }
      }
    } finally {
      this.busy = false;
    }
    throw wanted === undefined
      ? end
      : new IncompleteRead(`Cannot receive: the stream ended before ${wanted}`, { cause: end });
  }
}

export function busyError(action: string): Error {
  return new BusyResourceError(`Cannot ${action}: another task does so now`);
}

export function closedError(action: string, name: string): Error {
  return new ClosedResourceError(`Cannot ${action}: ${name} was closed on this side`);
}
