import { BrokenResourceError, type WaitOptions } from "@arborio/core";
import { begin, currentScope, isCancelledLeaf, runUnder, suspend, type Waiter } from "@arborio/core/lowlevel";
import type { AsyncResource, Listener } from "@arborio/streams";
import { busyError, closedError } from "./socket-listener.ts";

type Accepts<S> = Pick<Listener<S>, "accept">;

/** Gives a connection, or throws why there is none. */
type Outcome<S> = () => S;

/** What ends the asking of listeners. */
const STOPPED = Symbol("they are asked no more");

/**
 * Accepts from any of several listeners. All are asked when a task waits and nothing is kept. Asking belongs to no one call
 * but to the scope in which this was made: it goes on when another listener was first, and when the call is cancelled. What
 * it brings then is kept, first come, first served.
 *
 * So nothing is lost, each listener's connections stay in order, and a busy listener holds up no other: what another was asked
 * before, it answers, and it is asked once for each answer. (Asking all anew for each call starves those that take longer.)
 *
 * Invariants: while a task waits nothing is kept, and all are asked; of each listener one connection at most is kept.
 */
export class FairAccept<S extends AsyncResource> {
  readonly #home = currentScope();
  readonly #listeners: readonly Accepts<S>[];
  readonly #asked: Set<Accepts<S>> = new Set();
  #kept: Outcome<S>[] = [];
  #waiter: Waiter<S> | undefined;
  #asking: AbortController = new AbortController();
  #ended = false;

  constructor(listeners: readonly Accepts<S>[]) {
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
        for (const listener of this.#listeners) if (!this.#asked.has(listener)) this.#ask(listener);
        return () => (this.#waiter = undefined);
      },
      { signal, waitingFor: "a connection to any of several listeners" },
    );
  }

  /** Asks no more until a task waits again; gives the connections that were kept. */
  stop(): readonly S[] {
    this.#asking.abort(STOPPED);
    this.#asking = new AbortController();
    this.#asked.clear();
    return connections(this.#kept.splice(0));
  }

  /** Fails who waits, now and later; closes what was kept, and what still comes. */
  end(): void {
    this.#ended = true;
    for (const late of this.stop()) late.closeForcefully();
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.fail(closedError());
  }

  #ask(listener: Accepts<S>): void {
    const { signal } = this.#asking;
    this.#asked.add(listener);
    const over = (): void => {
      if (!signal.aborted) this.#asked.delete(listener);
    };
    runUnder(this.#home, () => begin((options: WaitOptions) => listener.accept(options), { signal })).then(
      (stream) => {
        over();
        this.#came(() => stream);
      },
      (error: unknown) => {
        over();
        if (error !== STOPPED) this.#failed(error);
      },
    );
  }

  #came(outcome: Outcome<S>): void {
    if (this.#ended) for (const late of connections([outcome])) late.closeForcefully();
    else if (this.#waiter === undefined) this.#kept.push(outcome);
    else this.#settle(this.#waiter, outcome);
  }

  #failed(error: unknown): void {
    if (!isCancelledLeaf(error)) return this.#came(() => raise(error));
    // It is no cancellation of the task that waits; the next may do better, in a scope that is live.
    const reason = "Cannot accept: the scope in which the listener was made was cancelled";
    this.#waiter?.fail(new BrokenResourceError(reason, { cause: error }));
    this.#waiter = undefined;
  }

  #settle(waiter: Waiter<S>, outcome: Outcome<S>): void {
    this.#waiter = undefined;
    try {
      waiter.resume(outcome());
    } catch (error) {
      waiter.fail(error);
    }
  }
}

function connections<S>(outcomes: readonly Outcome<S>[]): S[] {
  return outcomes.flatMap((outcome) => {
    try {
      return [outcome()];
    } catch {
      return []; // an error that nobody waits for any more
    }
  });
}

function raise(error: unknown): never {
  throw error;
}
