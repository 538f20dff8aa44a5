import { itemsOf } from "../list.ts";
import type { WaitRecord } from "../wait/waiter.ts";
import { isScope, type ScopeNode } from "./node.ts";

/** The scopes that are open in a scope, in the order in which they were entered. */
export function scopesIn(scope: ScopeNode): ScopeNode[] {
  return itemsOf(scope).filter(isScope);
}

/** What waits in a scope itself, in the order in which the waits began. */
export function waitsIn(scope: ScopeNode): WaitRecord<unknown>[] {
  return itemsOf(scope).filter((member): member is WaitRecord<unknown> => !isScope(member));
}
