import { onlyCancelled } from "../errors/is.ts";
import { bareRuntime } from "../run/runtime.ts";
import { slot } from "../slot.ts";
import { begin } from "../wait/begin.ts";
import { handled } from "../wait/handled.ts";
import type { WaitOptions } from "../wait/suspend.ts";
import { ABSORBED, absorb } from "./absorb.ts";
import { currentScope, scopeOfSignal, tieTo } from "./current.ts";
import { reasonOf } from "./signals.ts";
import { enterScope, leaveScope, type ScopeNode } from "./node.ts";
import { Due } from "../time/deadlines.ts";

/**
 * Enters a scope where the caller is; `{ signal }` ties it to that too: one of ours links into the tree, a foreign one
 * cancels it (C17).
 * @param timeout when it is cancelled at the latest, in ms from now (C11)
 */
export function openScope(node: ScopeNode, { signal }: WaitOptions, timeout: number = Infinity): void {
  const given = scopeOfSignal(signal);
  const parent = currentScope() ?? given;
  const runtime = parent?.runtime ?? bareRuntime();
  let now: number | undefined;
  if (timeout < Infinity) {
    now = runtime.clock.now();
    if (now + timeout < node.deadline) node.due = new Due(now + timeout, node);
  }
  enterScope(node, runtime, parent, parent?.task, now);
  tieTo(node, signal, parent);
}

/** Calls `fn` with the scope as the current one; `onValue` and `onError` are called outside it, but carried with it. What `fn` throws comes as a rejection. */
export function callIn<A, T, R = T>(
  node: ScopeNode,
  fn: (arg: A) => T | PromiseLike<T>,
  arg: A,
  onValue?: (value: T) => R,
  onError?: (error: unknown) => R,
): Promise<R> {
  // All of it inside: a thenable that works only when asked works in the scope too, and no second context is kept for the end.
  return slot().run(node, (given: A) => begin(fn, given).then<R, R>(onValue, onError), arg);
}

/**
 * Runs `fn` in an entered scope and leaves it. If the scope absorbs what `fn` throws, `absorbed` says how the call ends,
 * or the reason of the foreign signal that cancelled it is thrown (C17).
 */
export function runIn<A, T, R>(
  node: ScopeNode,
  fn: (arg: A) => T | PromiseLike<T>,
  arg: A,
  absorbed: (node: ScopeNode) => R,
): Promise<T | R> {
  const result: Promise<T | R> = callIn<A, T, T | R>(
    node,
    fn,
    arg,
    (value) => {
      leaveScope(node, true);
      return value;
    },
    (error) => {
      const rest = absorb(node, error);
      leaveScope(node);
      if (rest === ABSORBED) return unlessSignalled(node, absorbed);
      // A floating call that is cancelled must not become an unhandled rejection.
      if (onlyCancelled(rest)) void handled(result);
      throw rest;
    },
  );
  return result;
}

/** Gives `otherwise()`, or throws the reason of the foreign signal whose abort cancelled the scope, if one did (C17). */
export function unlessSignalled<R>(node: ScopeNode, otherwise: (node: ScopeNode) => R): R {
  if (cutBySignal(node)) throw reasonOf(node);
  return otherwise(node);
}

/** Whether the foreign signal it is tied to cancelled a scope. */
export function cutBySignal({ tied, cancelled }: ScopeNode): boolean {
  return tied !== undefined && cancelled?.source === "signal";
}
