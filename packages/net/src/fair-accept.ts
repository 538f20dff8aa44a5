import type { WaitOptions } from "@arborio/core";
import { begin, suspend, type Waiter } from "@arborio/core/lowlevel";
import type { AsyncResource, Listener } from "@arborio/streams";
import { busyError, closedError } from "./socket-listener.ts";

/** Gives a connection, or throws why there is none. */
type Outcome<S> = () => S;

/** What ends the accepts that were not first. */
const NOT_FIRST = Symbol("another listener was first");

/**
 * Accepts from any of several listeners. All are asked while a task waits, and only then; who is first ends the asking, and
 * what others bring at the same moment is kept for the next calls, which take it before they ask again.
 *
 * So nothing is lost, each listener's connections stay in order, and none waits for more than one of each other listener.
 *
 * Invariant: while a task waits nothing is kept; while something is kept no listener is asked.
 */
export class FairAccept<S extends AsyncResource> {
  readonly #listeners: readonly Pick<Listener<S>, "accept">[];
  readonly #kept: Outcome<S>[] = [];
  #waiter: Waiter<S> | undefined;
  #asking: AbortController | undefined;
  #ended = false;

  constructor(listeners: readonly Pick<Listener<S>, "accept">[]) {
    this.#listeners = listeners;
  }

  get ended(): boolean {
    return this.#ended;
  }

  next({ signal }: WaitOptions): Promise<S> {
    if (this.#waiter !== undefined) return Promise.reject(busyError());
    return suspend<S>(
      (waiter) => {
        if (this.#ended) throw closedError();
        const kept = this.#kept.shift();
        if (kept !== undefined) return this.#settle(waiter, kept);
        this.#waiter = waiter;
        this.#askAll();
        return () => this.#stop();
      },
      { signal, waitingFor: "a connection to any of several listeners" },
    );
  }

  /** Fails who waits, now and later; closes what was kept, and what still comes. */
  end(): void {
    this.#ended = true;
    const waiter = this.#waiter;
    this.#stop();
    waiter?.fail(closedError());
    for (const outcome of this.#kept.splice(0)) discard(outcome);
  }

  #askAll(): void {
    const asking = (this.#asking = new AbortController());
    for (const listener of this.#listeners) {
      begin((options: WaitOptions) => listener.accept(options), { signal: asking.signal }).then(
        (stream) => this.#came(() => stream),
        (error: unknown) => {
          if (error !== NOT_FIRST) this.#came(() => raise(error));
        },
      );
    }
  }

  #came(outcome: Outcome<S>): void {
    const waiter = this.#waiter;
    if (this.#ended) return discard(outcome);
    if (waiter === undefined) return void this.#kept.push(outcome);
    this.#stop();
    this.#settle(waiter, outcome);
  }

  #settle(waiter: Waiter<S>, outcome: Outcome<S>): void {
    try {
      // Cancelled in between: the connection is still nobody's.
      if (!waiter.resume(outcome())) this.#kept.unshift(outcome);
    } catch (error) {
      waiter.fail(error);
    }
  }

  #stop(): void {
    this.#waiter = undefined;
    this.#asking?.abort(NOT_FIRST);
    this.#asking = undefined;
  }
}

function discard(outcome: Outcome<AsyncResource>): void {
  let stream;
  try {
    stream = outcome();
  } catch {
    return; // an error that nobody waits for any more
  }
  stream.closeForcefully();
}

function raise(error: unknown): never {
  throw error;
}
