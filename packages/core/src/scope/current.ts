import { cell } from "../cell.ts";
import { checkSignal } from "../errors/argument.ts";
import type { Cancelled } from "../errors/cancelled.ts";
import { bareRuntime, type Runtime } from "../run/runtime.ts";
import { slot } from "../slot.ts";
import { live, type ScopeNode } from "./node.ts";

/** The scope the calling code runs in, if any. */
export function currentScope(): ScopeNode | undefined {
  return live(slot().get());
}

/** The scope of ours whose signal this is, if it is one's; its nearest live ancestor if it was left. */
export function scopeOfSignal(signal: AbortSignal | undefined): ScopeNode | undefined {
  return signal === undefined ? undefined : live(cell().signals.get(checkSignal(signal)));
}

/** The runtime of the root the calling code, or the signal's scope, belongs to. */
export function currentRuntime(signal?: AbortSignal): Runtime {
  return (currentScope() ?? scopeOfSignal(signal))?.runtime ?? bareRuntime();
}

/** The cancellation that reaches a scope now. The clock is read only under a finite deadline (C11). */
export function cancellation(scope: ScopeNode): Cancelled | undefined {
  if (scope.dueBy !== Infinity && scope.effective === undefined && scope.dueBy <= scope.runtime.clock.now()) {
    scope.runtime.deadlines.expire();
  }
  return scope.effective;
}
