import type { Tell } from "./debug/observers.ts";
import type { ScopeNode } from "./scope/node.ts";
import type { Slot } from "./slot.ts";
import type { Task } from "./task/task.ts";
import type { Deadlines } from "./time/deadlines.ts";
import type { Runtime, Time } from "./run/runtime.ts";

/**
 * What all copies of this package in one process share: data only. The number in the key is the protocol, the shape of
 * what is in here and of the scope nodes, tasks and waiters that it leads to; it changes when they do, not with the version.
 */
export interface RuntimeCell {
  /** How the current scope travels; undefined until first used. */
  slot: Slot | undefined;
  /** What runs outside any `run`. */
  bare: Runtime | undefined;
  /** Whose signal it is: `{ signal: scope.signal }` links to the scope itself. */
  readonly signals: WeakMap<AbortSignal, ScopeNode>;
  /** One heap a clock. */
  readonly heaps: WeakMap<Time, Deadlines>;
  /** The tasks at the top of the runs that are under way. */
  readonly roots: Set<Task>;
  /** Which stream an error comes from. */
  readonly origins: WeakMap<object, object>;
  /** What a stream lies on. */
  readonly layers: WeakMap<object, readonly object[]>;
  /** Tells the instruments what happens; undefined while there is none. */
  tell: Tell | undefined;
  /** Scopes entered and not left. */
  openScopes: number;
  /** The last number given to a task, a wait or a scope that someone looked at. */
  lastId: number;
  /** The warning about waits without a slot was given. */
  warned: boolean;
}

const KEY = Symbol.for("@arborio/core.runtime.3");

let known: RuntimeCell | undefined;

export function cell(): RuntimeCell {
  return (known ??= (globalThis as { [KEY]?: RuntimeCell })[KEY] ??=
    {
      slot: undefined,
      bare: undefined,
      signals: new WeakMap(),
      heaps: new WeakMap(),
      origins: new WeakMap(),
      layers: new WeakMap(),
      roots: new Set(),
      tell: undefined,
      openScopes: 0,
      lastId: 0,
      warned: false,
    });
}
