import { checkpoint, WouldBlock, type WaitOptions } from "@arborio/core";
import {
  cancelledNow,
  checkFunction,
  currentRuntime,
  handled,
  settling,
  suspend,
  WaitQueue,
  yieldTurn,
  type ScopeNode,
} from "@arborio/core/lowlevel";
import { Held, type Permit } from "./permit.ts";

/** Those who wait, each with the permit it is to have. */
export type Line = WaitQueue<Permit, Held>;

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
  readonly line: Line;
  /** @internal */
  out = 0;

  /** @internal */
  constructor(name: string, permitName: string = name, line: Line = new WaitQueue()) {
    this.name = name;
    this.permitName = permitName;
    this.line = line;
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

  /**
   * Gives a permit. Never waits.
   *
   * @throws WouldBlock if none is free that nobody waits for
   */
  acquireNowait(): Permit {
    this.checkFree();
    return this.take(this.permit());
  }

  /** Waits for a permit, calls `fn`, and gives the permit back when that has ended, however it does. */
  with<T>(fn: (permit: Permit) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    checkFunction(`hold ${this.name}`, fn);
    return holding(this.acquire(options), fn);
  }

  /** Gives a function that does what `fn` does, each call {@link with} a permit. */
  wrap<S, A extends unknown[], T>(
    fn: (this: S, ...args: A) => T | PromiseLike<T>,
  ): (this: S, ...args: A) => Promise<T> {
    checkFunction(`hold ${this.name}`, fn);
    const hold = (call: () => T | PromiseLike<T>): Promise<T> => this.with(call);
    return function (...args) {
      return hold(() => fn.apply(this, args));
    };
  }

  /** @internal Nobody barges (S1). */
  get free(): boolean {
    return this.line.size === 0 && this.room;
  }

  /** @internal */
  checkFree(): void {
    if (!this.free) throw new WouldBlock(`Cannot take ${this.name}: one would have to wait`);
  }

  /** @internal */
  permit(_borrower?: unknown): Held {
    return new Held(this);
  }

  /** @internal In a cancelled scope takes nothing (C3). If that comes to be shielded meanwhile, it asks again. */
  ask(options?: WaitOptions, borrower?: unknown): Promise<Permit> {
    return cancelledNow(options)
      ? handled(checkpoint(options).then(() => this.ask(options, borrower)))
      : this.enter(this.permit(borrower), options);
  }

  /** @internal Looks, takes, then yields (C3). */
  enter(permit: Held, options?: WaitOptions, shielded = false, within?: ScopeNode): Promise<Permit> {
    const signal = options?.signal;
    if (this.free) {
      this.take(permit);
      return currentRuntime(signal).mustYield()
        ? yieldTurn(options).then(() => permit)
        : Promise.resolve(permit);
    }
    return suspend<Permit>(
      (waiter) => {
        this.line.add(waiter, permit);
        return () => this.leave(permit);
      },
      { signal, waitingFor: this.name, shielded, within },
    );
  }

  /** @internal */
  take(permit: Held): Permit {
    this.out++;
    permit.held = true;
    return permit;
  }

  /** @internal One who waited was cancelled: there may be room for who stood behind. */
  leave(permit: Held): void {
    permit.forget();
    this.handOver();
  }

  /** @internal */
  giveBack(): void {
    this.out--;
    this.handOver();
  }

  /** @internal Gives permits to those who wait, in order, as long as there is room (S1). */
  handOver(): void {
    const { line } = this;
    for (let place = line.first; place?.item.from.room === true; place = line.first) {
      line.wake(place.item.from.take(place.item));
    }
  }
}

/** Calls `fn` with the permit, and gives that back when it has ended. */
export function holding<T>(
  taken: Promise<Permit>,
  fn: (permit: Permit) => T | PromiseLike<T>,
): Promise<T> {
  let held: Permit | undefined;
  return settling(
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
