import type { WaitOptions } from "@arborio/core";
import {
  afterWait,
  cancelledNow,
  currentScope,
  goesOn,
  handled,
  suspend,
  wrongType,
  yieldTurn,
  type ScopeNode,
  type Waiter,
} from "@arborio/core/lowlevel";
import { Held, type Line, type Permit } from "./permit.ts";

/**
 * What gives permits: the machine under locks, semaphores and limiters, and the shape they have in common, that of TC39's
 * concurrency control.
 *
 * Invariants: `out` permits are held. There is no room for the first who waits. A permit is its waiter's from the call on
 * that gives it (S1, C5).
 */
export abstract class Governor {
  /** @internal What is waited for, in words. */
  readonly name: string;
  /** @internal What is then had. */
  readonly permitName: string;
  /** @internal */
  first: Held | undefined;
  /** @internal */
  size = 0;
  /** @internal Where one waits for it: its own line, unless it shares another's. */
  line: Line = this;
  /** @internal */
  out = 0;

  /** @internal */
  constructor(name: string, permitName = name) {
    this.name = name;
    this.permitName = permitName;
  }

  /** @internal Whether one more could be given. */
  abstract get room(): boolean;

  /**
   * Waits for a permit.
   *
   * **Cancellation** In a cancelled scope, and when cancelled while waiting, takes nothing. What was handed over before is
   * kept (C5).
   *
   * **Fairness** First come, first served; nobody gets in between (S1).
   */
  acquire(options?: WaitOptions): Promise<Permit> {
    return this.ask(options);
  }

  /** Gives a permit if one is free that nobody waits for, else undefined. Never waits. */
  tryAcquire(): Permit | undefined {
    return this.free ? this.take(this.permit()) : undefined;
  }

  /** Waits for a permit, calls `fn`, and gives the permit back when that has ended, however it does. */
  with<T>(fn: (permit: Permit) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    checkCallable(fn);
    return holding(this.acquire(options), fn);
  }

  /** Gives a function that does what `fn` does, each call {@link with} a permit. */
  wrap<S, A extends unknown[], T>(
    fn: (this: S, ...args: A) => T | PromiseLike<T>,
  ): (this: S, ...args: A) => Promise<T> {
    return wrapped(this, fn);
  }

  /** @internal Whether one can be taken now. Nobody barges, also not past one for whom there is no room (S1). */
  get free(): boolean {
    return this.line.first === undefined && this.room;
  }

  /** @internal */
  permit(_borrower?: unknown): Held {
    return new Held(this);
  }

  /** @internal */
  take(permit: Held): Held {
    this.out++;
    // Not `??=`: where V8 sees that the store may be left out, an uncontended lock takes a quarter longer.
    permit.held = permit.held ?? true;
    return permit;
  }

  /** @internal Looks, takes, then yields; in a cancelled scope takes nothing, yields, and throws in the turn after (C3). */
  ask(options?: WaitOptions, borrower?: unknown): Promise<Permit> {
    const here = currentScope();
    return this.free && goesOn(options, here)
      ? Promise.resolve(this.take(this.permit(borrower)))
      : this.wait(here, options, borrower);
  }

  /** @internal Apart from {@link ask}, which is faster without closures. */
  wait(within: ScopeNode | undefined, options?: WaitOptions, borrower?: unknown): Promise<Permit> {
    const how = { signal: options?.signal, waitingFor: this.name };
    const wait = (): Promise<Permit> =>
      suspend((waiter) => this.stand(waiter, this.permit(borrower)), how, within);
    return cancelledNow(options, within) ? handled(yieldTurn(options).then(wait)) : wait();
  }

  /** @internal Puts a waiter into the line, where it may be first and have room; gives how to take it back. */
  stand(waiter: Waiter<Permit>, permit: Held): () => void {
    permit.stand(this.line, waiter);
    this.handOver();
    return () => {
      permit.untrack();
      // There may be room for who stood behind.
      this.handOver();
    };
  }

  /** @internal */
  giveBack(): void {
    this.out--;
    this.handOver();
  }

  /** @internal Gives permits to those who wait, in order, as long as there is room (S1). */
  handOver(): void {
    const { line } = this;
    for (let permit = line.first; permit?.from.room === true; permit = line.first) {
      permit.from.take(permit);
      permit.arrive();
    }
  }
}

/** @throws TypeError for what is no function */
export function checkCallable(fn: unknown): void {
  if (typeof fn !== "function") throw wrongType("call it", "it takes a function", fn);
}

/** Calls `fn` with the permit, and gives that back when it has ended. */
export function holding<T>(taken: Promise<Permit>, fn: (permit: Permit) => T | PromiseLike<T>): Promise<T> {
  let held: Permit | undefined;
  return afterWait(
    taken.then((permit) => fn((held = permit))),
    (value) => {
      held?.release();
      return value;
    },
    (error) => {
      held?.release();
      throw error;
    },
  );
}

/** What {@link Governor.wrap} gives. */
export function wrapped<S, A extends unknown[], T>(
  through: { with<R>(fn: () => R | PromiseLike<R>): Promise<R> },
  fn: (this: S, ...args: A) => T | PromiseLike<T>,
): (this: S, ...args: A) => Promise<T> {
  checkCallable(fn);
  return function (...args) {
    return through.with(() => fn.apply(this, args));
  };
}
