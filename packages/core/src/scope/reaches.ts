import type { ScopeNode } from "./node.ts";

/** Whether a cancellation of `from` comes to `scope` through the tree. */
export function reaches(from: ScopeNode, scope: ScopeNode | undefined): boolean {
  while (scope !== undefined && scope !== from) scope = scope.shielding ? undefined : scope.parent;
  return scope === from;
}
