import { isCancelled } from "../errors/is.ts";
import { currentRuntime, currentScope, scopeOfSignal } from "./current.ts";
import { slot } from "../slot.ts";
import { handled } from "../wait/handled.ts";
import type { WaitOptions } from "../wait/suspend.ts";
import { ABSORBED, absorb } from "./absorb.ts";
import { cancelScope, enterScope, leaveScope, type ScopeNode } from "./node.ts";

/**
 * Enters a scope where the caller is; `{ signal }` ties it to that too: one of ours links into the tree, a foreign one
 * cancels it (C17).
 */
export function openScope(node: ScopeNode, { signal }: WaitOptions): void {
  const ambient = currentScope();
  const given = scopeOfSignal(signal);
  const parent = ambient === undefined || (given !== undefined && isWithin(given, ambient)) ? given : ambient;
  enterScope(node, currentRuntime(signal), parent, parent?.task);
  if (signal !== undefined && (given === undefined || given !== parent)) tie(node, signal);
}

/** Cancels the scope when the signal aborts, until it is left. */
export function tie(node: ScopeNode, signal: AbortSignal): void {
  const abort = (): void => cancelScope(node, "signal", signal.reason);
  node.tied = signal;
  if (signal.aborted) return abort();
  signal.addEventListener("abort", abort, { once: true });
  node.unlisten = () => signal.removeEventListener("abort", abort);
}

/** Takes back {@link tie}. */
export function untie(node: ScopeNode): void {
  node.unlisten?.();
  node.unlisten = node.tied = undefined;
}

/** Calls `fn` with the scope as the current one. What it throws comes as a rejection. */
export function callIn<A, T>(node: ScopeNode, fn: (arg: A) => T | PromiseLike<T>, arg: A): Promise<T> {
  try {
    return Promise.resolve(slot().run(node, fn, arg));
  } catch (error) {
    return Promise.reject<T>(error as Error);
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
  const result: Promise<T | R> = callIn(node, fn, arg).then(
    (value) => {
      leaveScope(node);
      return value;
    },
    (error: unknown) => {
      const rest = absorb(node, error);
      leaveScope(node);
      if (rest === ABSORBED) return concludeAbsorbed(node, absorbed);
      // If nobody awaits this block its cancellation is no unhandled rejection.
      if (isCancelled(rest)) void handled(result);
      throw rest;
    },
  );
  return result;
}

/** How a block ends whose scope absorbed the cancellation. */
export function concludeAbsorbed<R>(node: ScopeNode, absorbed: (node: ScopeNode) => R): R {
  if (node.tied !== undefined && node.cancelled?.source === "signal") throw node.tied.reason;
  return absorbed(node);
}

function isWithin(node: ScopeNode, ancestor: ScopeNode): boolean {
  let at: ScopeNode | undefined = node;
  while (at !== undefined && at !== ancestor) at = at.parent;
  return at === ancestor;
}
