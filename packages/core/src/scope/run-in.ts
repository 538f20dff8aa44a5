import { currentRuntime, currentScope, scopeOfSignal } from "./current.ts";
import { slot } from "../slot.ts";
import { settling } from "../wait/handled.ts";
import type { WaitOptions } from "../wait/suspend.ts";
import { ABSORBED, absorb } from "./absorb.ts";
import { reaches } from "./reaches.ts";
import { onAbort } from "./signals.ts";
import { cancelScope, enterScope, leaveScope, type ScopeNode } from "./node.ts";

/**
 * Enters a scope where the caller is; `{ signal }` ties it to that too: one of ours links into the tree, a foreign one
 * cancels it (C17).
 */
export function openScope(node: ScopeNode, { signal }: WaitOptions): void {
  const given = scopeOfSignal(signal);
  const parent = currentScope() ?? given;
  enterScope(node, currentRuntime(signal), parent);
  if (signal !== undefined && (given === undefined || !reaches(given, parent))) tie(node, signal);
}

/** Cancels the scope when the signal aborts, until it is left. */
export function tie(node: ScopeNode, signal: AbortSignal): void {
  node.tied = signal;
  node.unlisten = onAbort(signal, () => cancelScope(node, "signal", signal.reason));
}

/** Takes back {@link tie}. */
export function untie(node: ScopeNode): void {
  node.unlisten?.();
  node.unlisten = node.tied = undefined;
}

/** Calls `fn` with the scope as the current one. What it throws comes as a rejection. */
export function callIn<A, T>(node: ScopeNode, fn: (arg: A) => T | PromiseLike<T>, arg: A): Promise<T> {
  try {
    // Resolved inside: a thenable that works only when asked works in the scope too.
    return slot().run(node, (given: A) => Promise.resolve(fn(given)), arg);
  } catch (error) {
    return Promise.reject<T>(error);
  }
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
  return settling<T, T | R>(
    callIn(node, fn, arg),
    (value) => {
      leaveScope(node, true);
      return value;
    },
    (error) => {
      const rest = absorb(node, error);
      leaveScope(node);
      if (rest === ABSORBED) return unlessSignalled(node, absorbed);
      throw rest;
    },
  );
}

/** Gives `otherwise()`, or throws the reason of the foreign signal whose abort cancelled the scope, if one did (C17). */
export function unlessSignalled<R>(node: ScopeNode, otherwise: (node: ScopeNode) => R): R {
  if (cutBySignal(node)) throw node.tied?.reason;
  return otherwise(node);
}

/** Whether the foreign signal it is tied to cancelled a scope. */
export function cutBySignal({ tied, cancelled }: ScopeNode): boolean {
  return tied !== undefined && cancelled?.source === "signal";
}
