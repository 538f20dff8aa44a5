import { checkpoint, IncompleteRead, isError, type WaitOptions } from "@arborio/core";
import { afterWait, copyOrigin, currentScope, goesOn, markOrigin, runUnder } from "@arborio/core/lowlevel";
import { checkHas } from "./arguments.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { ByteReceiveStream } from "./byte-streams.ts";
import { busyError, closedError } from "./errors.ts";
import { receiveAll } from "./iteration.ts";
import type { AsyncResource } from "./resource.ts";
import { Several } from "./stapled/several.ts";

/** A stream over another, which it owns: closing it closes the one below (M5). */
export class Layer<S extends AsyncResource> extends Several {
  /** The one below. */
  readonly stream: S;

  constructor(stream: S) {
    super([checkHas("wrap the stream", "closeForcefully", stream)]);
    this.stream = stream;
  }
}

/** Looks for what was asked among what has come: gives it, or undefined if more must come; at the end, nothing more can. */
export type Look<R> = (end: Error | undefined) => R | undefined;

/**
 * A layer that receives bytes, keeps what it does not need yet, and gives something made of them.
 *
 * Invariant: what came from below is kept before anything else can happen, so a cancelled call loses nothing (M6).
 */
export abstract class ReceiveLayer<S extends ByteReceiveStream, T> extends Layer<S> {
  /** Whether a task receives now. @internal */
  protected busy: boolean = false;
  /** What was not yet taken. @internal */
  protected readonly queue: ByteQueue = new ByteQueue();

  abstract receive(): Promise<T>;

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiveAll(() => this.receive());
  }

  /** Keeps bytes that came; undefined at the end. @internal */
  protected absorb(bytes?: Uint8Array): void {
    this.queue.push(bytes);
  }

  /**
   * Lets others run, looks, and receives from below until the look finds.
   *
   * @param wanted whose absence at the end is an IncompleteRead; else that is EndOfStream
   * @internal
   */
  protected find<R>(look: Look<R>, options?: WaitOptions, wanted?: string): Promise<R> {
    if (this.busy) return Promise.reject(busyError("receive"));
    // What most calls are, with nothing made but the promise.
    if (!this.closed && goesOn(options)) {
      try {
        const found = look(undefined);
        if (found !== undefined) return Promise.resolve(found);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    this.busy = true;
    return afterWait(this.#find(look, options, wanted));
  }

  async #find<R>(look: Look<R>, options?: WaitOptions, wanted?: string): Promise<R> {
    // Carried by hand, for where there is no ambient context.
    const scope = currentScope();
    let end: Error | undefined;
    try {
      await checkpoint(options);
      for (;;) {
        if (this.closed) throw closedError("receive");
        const found = look(end);
        if (found !== undefined) return found;
        if (end) {
          if (wanted === undefined) throw end;
          const reason = `Cannot receive: the stream ended before ${wanted}`;
          // Of the stream that ended: behind a staple the layer lies on two.
          throw markOrigin(copyOrigin(new IncompleteRead(reason, { cause: end }), end), this);
        }
        let bytes: Uint8Array | undefined;
        try {
          bytes = await runUnder(scope, () => this.stream.receive(undefined, options));
        } catch (error) {
          if (!isError(error, "EndOfStream")) throw error;
          end = error;
        }
        this.absorb(bytes);
      }
    } finally {
      this.busy = false;
    }
  }
}
