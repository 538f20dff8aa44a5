import { MisuseError, type ScopeControl, type WaitOptions } from "@arborio/core";
import { checkFunction, currentRuntime, openScope, runIn, ScopeHandle, type ScopeNode } from "@arborio/core/lowlevel";

/** How a scope begins. */
export interface CancelScopeOptions {
  /** When it is cancelled by itself: a time of the clock, in ms (see `currentTime`). None: `Infinity`, null or undefined. */
  readonly deadline?: number | null | undefined;
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

class Handle extends ScopeHandle implements CancelScope {
  /** Ms from entry to the deadline: deadlines count from entry (C11). */
  timeout: number = Infinity;

  constructor({ deadline, shield = false }: CancelScopeOptions = {}) {
    super();
    this.deadline = deadline ?? Infinity;
    this.shield = shield;
  }

  run<T>(fn: (scope: CancelScope) => T | PromiseLike<T>, options: WaitOptions = {}): Promise<T | undefined> {
    return runScope(this, fn, options, nothing);
  }
}

export const CancelScope: CancelScopeConstructor = Handle;

const nothing = (): undefined => undefined;

/** A scope whose deadline is `timeout` ms after its entry. */
export function scopeAfter(timeout: number, shield: boolean | undefined): CancelScope {
  const scope = new Handle({ shield });
  scope.timeout = Math.max(timeout, 0);
  return scope;
}

/** Runs `fn` in a scope; `absorbed` says how the call ends if the scope's own cancellation cut it. */
export function runScope<T, R>(
  scope: CancelScope,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options: WaitOptions,
  absorbed: (node: ScopeNode) => R,
): Promise<T | R> {
  const { node, timeout } = scope as Handle;
  checkFunction("run the scope", fn);
  if (node.state !== "new") throw new MisuseError("Cannot run the scope: it is used once");
  if (timeout !== Infinity) node.deadline = currentRuntime(options.signal).clock.now() + timeout;
  openScope(node, options);
  return runIn(node, fn, scope, absorbed);
}
