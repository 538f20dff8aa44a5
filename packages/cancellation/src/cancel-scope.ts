import { MisuseError, type ScopeControl, type WaitOptions } from "@arborio/core";
import { checkFunction, checkTime, openScope, runIn, ScopeNode } from "@arborio/core/lowlevel";

/** How a scope begins. */
export interface CancelScopeOptions {
  /** When it is cancelled by itself: a time of the clock, in ms (see `currentTime`). None: `Infinity`, null or undefined. */
  readonly deadline?: number | null | undefined;
  /** When, in ms from its entry; a negative one counts as 0. The earlier of the two holds. None: `Infinity`, null or undefined. */
  readonly timeout?: number | null | undefined;
  /** Whether cancellations and deadlines from outside stop at it (C12). */
  readonly shield?: boolean | undefined;
}

/** A part of a program that can be cancelled as one: what runs in it, what it calls, and the tasks of groups opened in it. */
export interface CancelScope extends ScopeControl {
  /**
   * Runs `fn` in the scope, once. Gives its value, or `undefined` if the scope's own cancellation cut it (C21). If an outer
   * scope is cancelled too the Cancelled goes on to that (C6).
   *
   * **Throws** what `fn` throws; with `{ signal }` of a foreign controller, its reason if it cut the scope (C17);
   * MisuseError on a second use.
   */
  run<T>(fn: (scope: CancelScope) => T | PromiseLike<T>, options?: WaitOptions): Promise<T | undefined>;
}

/** Makes scopes: `new CancelScope({ deadline, shield })`. */
export interface CancelScopeConstructor {
  new (options?: CancelScopeOptions): CancelScope;
}

/** How a call ends whose scope absorbed its own cancellation. */
export type Absorbed<R> = (node: ScopeNode) => R;

class Scope extends ScopeNode implements CancelScope {
  readonly #timeout: number;

  constructor({ deadline, timeout, shield = false }: CancelScopeOptions = {}) {
    super();
    this.deadline = deadline ?? Infinity;
    this.#timeout = Math.max(checkTime("limit the scope", "timeout", timeout ?? Infinity), 0);
    this.shield = shield;
  }

  run<T, R = undefined>(
    fn: (scope: CancelScope) => T | PromiseLike<T>,
    options: WaitOptions = {},
    absorbed: Absorbed<R> = nothing,
  ): Promise<T | R> {
    checkFunction("run the scope", fn);
    if (this.state !== "new") throw new MisuseError("Cannot run the scope: it is used once");
    openScope(this, options, this.#timeout);
    return runIn(this, fn, this, absorbed);
  }
}

export const CancelScope: CancelScopeConstructor = Scope;

const nothing = (): never => undefined as never;

/** Makes a scope and runs `fn` in it. */
export function runScope<T, R>(
  limits: CancelScopeOptions,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options: WaitOptions,
  absorbed?: Absorbed<R>,
): Promise<T | R> {
  return new Scope(limits).run(fn, options, absorbed);
}
