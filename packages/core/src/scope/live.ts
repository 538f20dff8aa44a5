import type { ScopeNode } from "./node.ts";

/** The scope itself while it lives, else its nearest ancestor that does (C20). */
export function live(node: ScopeNode | undefined): ScopeNode | undefined {
  while (node?.state === "left") node = node.parent;
  return node;
}
