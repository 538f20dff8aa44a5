import type { WaitOptions } from "@arborio/core";
import { MisuseError } from "@arborio/core";
import {
  cancelScope,
  checkTime,
  currentRuntime,
  currentScope,
  openScope,
  runIn,
  ScopeNode,
  scopeSignal,
  setDeadline,
  setShield,
} from "@arborio/core/lowlevel";

/** How a scope begins. */
export interface CancelScopeOptions {
  /** When it is cancelled by itself: a time of the clock, in ms (see `currentTime`). None: `Infinity`, null or undefined. */
  readonly deadline?: number | null | undefined;
  /** Whether cancellations and deadlines from outside stop at it (C12). */
  readonly shield?: boolean | undefined;
}

/** A part of a program that can be cancelled as one: what runs in it, what it calls, and the tasks of groups opened in it. */
export interface CancelScope {
  /**
   * Cancels what is in the scope: waits at once, running code at its next checkpoint, again and again until the scope is
   * left (C2). Idempotent: the first reason wins. Before `run` its first checkpoint throws; afterwards only
   * {@link cancelCalled} changes (C9).
   */
  cancel(reason?: unknown): void;
  /**
   * Runs `fn` in the scope, once. Gives its value, or `undefined` if the scope's own cancellation cut it (C21). If an outer
   * scope is cancelled too the Cancelled goes on to that (C6).
   *
   * **Throws** what `fn` throws; with `{ signal }` of a foreign controller, its reason if it cut the scope (C17);
   * MisuseError on a second use.
   */
  run<T>(fn: (scope: CancelScope) => T | PromiseLike<T>, options?: WaitOptions): Promise<T | undefined>;
  /** When it is cancelled by itself, a time of the clock in ms; `Infinity`: never. Can be moved while it has not passed; into the past cancels (C11). */
  deadline: number;
  /** Whether outer cancellations stop here; can be flipped while it runs (C12). */
  shield: boolean;
  /** Whether it was cancelled, by a call or by its deadline. */
  readonly cancelCalled: boolean;
  /** Whether it was left by absorbing its cancellation. */
  readonly cancelledCaught: boolean;
  /** Aborts when the scope is cancelled, from within or without; its reason is the Cancelled. For `fetch` and the like, and for `{ signal }`. */
  readonly signal: AbortSignal;
}

/** Makes scopes: `new CancelScope({ deadline, shield })`. */
export interface CancelScopeConstructor {
  new (options?: CancelScopeOptions): CancelScope;
}

/** The handle; the machine is core's scope node. */
class Handle implements CancelScope {
  readonly node: ScopeNode = new ScopeNode();
  /** Ms from entry to the deadline (C11: deadlines count from entry). */
  readonly timeout: number;

  constructor({ deadline, shield = false }: CancelScopeOptions = {}, timeout: number = Infinity) {
    this.node.deadline = checkDeadline(deadline);
    this.node.shield = checkShield(shield);
    this.timeout = timeout;
  }

  cancel(reason?: unknown): void {
    cancelScope(this.node, "cancel", reason, currentScope()?.task?.name);
  }

  run<T>(fn: (scope: CancelScope) => T | PromiseLike<T>, options: WaitOptions = {}): Promise<T | undefined> {
    return runHandle(this, fn, options, nothing);
  }

  get deadline(): number {
    return this.node.deadline;
  }

  set deadline(deadline: number) {
    setDeadline(this.node, checkDeadline(deadline));
  }

  get shield(): boolean {
    return this.node.shield;
  }

  set shield(shield: boolean) {
    setShield(this.node, checkShield(shield));
  }

  get cancelCalled(): boolean {
    return this.node.cancelled !== undefined;
  }

  get cancelledCaught(): boolean {
    return this.node.caught;
  }

  get signal(): AbortSignal {
    return scopeSignal(this.node);
  }
}

export const CancelScope: CancelScopeConstructor = Handle;

const nothing = (): undefined => undefined;

/** A scope whose deadline is `timeout` ms after its entry. */
export function scopeAfter(timeout: number, shield: boolean | undefined): CancelScope {
  return new Handle({ shield }, timeout);
}

/** Runs `fn` in the scope of a handle; `absorbed` says how the call ends if the scope's own cancellation cut it. */
export function runHandle<T, R>(
  scope: CancelScope,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options: WaitOptions,
  absorbed: (node: ScopeNode) => R,
): Promise<T | R> {
  const { node, timeout } = scope as Handle;
  if (typeof fn !== "function") throw new TypeError(`Cannot run the scope: it takes a function, received ${typeof fn}`);
  if (node.state !== "new") throw new MisuseError("Cannot run the scope: it is used once, received a second use");
  if (timeout !== Infinity) node.deadline = currentRuntime(options.signal).clock.now() + Math.max(timeout, 0);
  openScope(node, options);
  return runIn(node, fn, scope, absorbed);
}

function checkDeadline(deadline: number | null | undefined): number {
  return checkTime("set the scope's deadline", "deadline", deadline ?? Infinity);
}

function checkShield(shield: boolean): boolean {
  if (typeof shield !== "boolean") throw new TypeError(`Cannot set the scope's shield: it must be a boolean, received ${typeof shield}`);
  return shield;
}
