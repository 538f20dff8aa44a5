import {
  BrokenResourceError,
  ClosedResourceError,
  EndOfStream,
  isCancelled,
  type WaitOptions,
} from "@arborio/core";
import {
  awaitPromise,
  cancelledNow,
  currentScope,
  handled,
  park,
  runUnder,
  settling,
  trackResource,
} from "@arborio/core/lowlevel";
import { KeptOperation } from "../kept-operation.ts";
import { busyError } from "../layer.ts";
import type { AsyncResource } from "../resource.ts";

/** What an iterator's `next` and a reader's `read` give. */
export interface Came<T> {
  readonly done?: boolean | undefined;
  readonly value?: T | undefined;
}

/** A stream of another kind, by plain promises. At most one `read`, and one `write` or `end`, are under way at a time. */
export interface Foreign<T> {
  /** What to call it, as `the ReadableStream`. */
  readonly name: string;
  /** Whether nobody need close it, as the process's own. */
  readonly standing?: boolean;
  /** The next; done at the end, again and again. */
  read?(maxBytes: number): PromiseLike<Came<T>>;
  write?(item: T): PromiseLike<unknown>;
  /** Nothing more will be written. Called once. */
  end?(): PromiseLike<unknown>;
  /** Releases it: in order, or, given why, at once. Called once, or once in order and then at once. */
  close(why?: Error): unknown;
}

/**
 * A stream over one of another kind. What it calls there runs in the scope in which it was made: a cancelled wait must not
 * cancel what goes on for the next one (M6). What failed there once has failed for good.
 */
export class ForeignStream<T> implements AsyncResource {
  /** @internal */
  protected readonly foreign: Foreign<T>;
  readonly #scope = currentScope();
  readonly #reading = new KeptOperation<Came<T>>();
  readonly #writing = new KeptOperation<unknown>();
  readonly #untrack: (() => void) | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #ended = false;
  #closing: Promise<void> | undefined;
  #aborted = false;

  constructor(foreign: Foreign<T>) {
    this.foreign = foreign;
    if (foreign.standing !== true) this.#untrack = trackResource(this, foreign.name);
  }

  close(options: WaitOptions = {}): Promise<void> {
    const closing = this.#release(cancelledNow(options));
    return settling(
      awaitPromise(closing, { signal: options.signal, waitingFor: `${this.foreign.name} to close` }),
      () => {},
      (error) => {
        // Nobody waits for the orderly end any more.
        this.closeForcefully();
        throw error;
      },
    );
  }

  closeForcefully(): void {
    void handled(this.#release(true));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(unlessCancelled);
  }

  /** @internal */
  protected next(maxBytes: number): PromiseLike<Came<T>> {
    return this.foreign.read!(maxBytes);
  }

  /**
   * @param hand makes of what came what the caller is given
   * @internal
   */
  protected read<R>(hand: (value: T) => R, { signal }: WaitOptions = {}, maxBytes: number = 0): Promise<R> {
    if (this.#reading.busy) return Promise.reject(busyError("receive"));
    return this.#reading.wait(
      () => this.#attempt("receive", () => this.next(maxBytes)),
      ({ done, value }) => {
        if (done === true) throw new EndOfStream(`Cannot receive: ${this.foreign.name} has ended`);
        return hand(value as T);
      },
      { signal, waitingFor: `what comes from ${this.foreign.name}` },
    );
  }

  /**
   * Keeps for the next read what one handed over in part.
   * @internal
   */
  protected keep(value: T): void {
    this.#reading.keep({ value });
  }

  /** @internal */
  protected write(item: T, options?: WaitOptions): Promise<void> {
    const start = (): PromiseLike<unknown> => {
      if (this.#ended) throw new ClosedResourceError("Cannot send: the sending side was ended by sendEof");
      return this.#attempt("send", () => this.foreign.write!(item));
    };
    return this.#output("send", start, options);
  }

  /** @internal */
  protected end(options?: WaitOptions): Promise<void> {
    const start = (): PromiseLike<unknown> | undefined => {
      if (this.#ended) return undefined;
      this.#ended = true;
      return this.foreign.end!();
    };
    return this.#output(
      "end the sending",
      () => this.#attempt("end the sending", start),
      options,
    );
  }

  #output(
    action: string,
    start: () => PromiseLike<unknown>,
    options: WaitOptions = {},
  ): Promise<void> {
    if (this.#writing.busy) return Promise.reject(busyError(action));
    // What a cancelled send left is never taken: nobody knows how much was sent (M7).
    if (this.#writing.abandoned)
      return cancelledNow(options)
        ? park(options)
        : Promise.reject(new BrokenResourceError(`Cannot ${action}: an earlier send was cancelled`));
    const waitingFor = `${this.foreign.name} to take it`;
    return this.#writing.wait(async () => start(), () => {}, { signal: options.signal, waitingFor });
  }

  async #attempt<R>(action: string, start: () => PromiseLike<R> | R): Promise<R> {
    try {
      if (this.#failure !== undefined) throw this.#failure.cause;
      return await runUnder(this.#scope, start);
    } catch (cause) {
      this.#failure ??= { cause };
      throw brokenError(action, this.foreign.name, cause);
    }
  }

  #release(abort: boolean): Promise<void> {
    // A send that was cut must not come to look like the end.
    const atOnce = abort || this.#writing.busy || this.#writing.abandoned;
    if (this.#closing !== undefined && (this.#aborted || !atOnce)) return this.#closing;
    this.#aborted = atOnce;
    this.#untrack?.();
    this.#reading.end(() => this.#closedError("receive"));
    this.#writing.end(() => this.#closedError("send"));
    const closing = this.#close(atOnce);
    this.#closing ??= closing;
    return closing;
  }

  async #close(atOnce: boolean): Promise<void> {
    const known = atOnce || this.#failure !== undefined;
    try {
      await runUnder(this.#scope, () => this.foreign.close(atOnce ? this.#closedError("go on") : undefined));
    } catch (cause) {
      if (!known) throw brokenError("close", this.foreign.name, cause);
    }
  }

  #closedError(action: string): Error {
    return new ClosedResourceError(`Cannot ${action}: ${this.foreign.name} was closed on this side`);
  }
}

function brokenError(action: string, name: string, cause: unknown): Error {
  return new BrokenResourceError(`Cannot ${action}: ${name} is broken`, { cause });
}

/** Disposal does not throw Cancelled: the next checkpoint does (M5). */
function unlessCancelled(error: unknown): void {
  if (!isCancelled(error)) throw error;
}
