import { cell } from "../cell.ts";
import { checkSignal } from "../errors/argument.ts";
import type { Cancelled } from "../errors/cancelled.ts";
import { bareRuntime, type Runtime } from "../run/runtime.ts";
import { inSlot } from "../slot.ts";
import { live } from "./live.ts";
import type { ScopeNode } from "./node.ts";
import { tie, type Tied } from "./signals.ts";

/** The scope the calling code runs in, if any. */
export function currentScope(): ScopeNode | undefined {
  return live(inSlot());
}

/** The scope of ours whose signal this is, if it is one's; its nearest live ancestor if it was left. */
export function scopeOfSignal(signal: AbortSignal | undefined): ScopeNode | undefined {
  if (signal === undefined) return undefined;
  const scope = cell().signals.get(signal);
  if (scope === undefined) checkSignal(signal);
  return live(scope);
}

/** The runtime of the root the calling code, or the signal's scope, belongs to. */
export function currentRuntime(signal?: AbortSignal, scope: ScopeNode | undefined = currentScope()): Runtime {
  return (scope ?? scopeOfSignal(signal))?.runtime ?? bareRuntime();
}

/** The cancellation that reaches a scope now. The clock is read only under a finite deadline (C11). */
export function cancellation(scope: ScopeNode | undefined): Cancelled | undefined {
  if (
    scope?.dueBy !== undefined &&
    scope.effective === undefined &&
    scope.dueBy.at <= scope.runtime.clock.now()
  ) {
    scope.runtime.deadlines?.expire();
  }
  return scope?.effective;
}

/** Ties what is in `scope` to a signal too, unless that is a scope's of ours whose cancellation comes through the tree (C17). */
export function tieTo(one: Tied, signal: AbortSignal | undefined, scope: ScopeNode | undefined): void {
  if (signal === undefined) return;
  const given = scopeOfSignal(signal);
  while (scope !== undefined && scope !== given) scope = scope.shielding ? undefined : scope.parent;
  if (scope === undefined) tie(one, signal);
}
