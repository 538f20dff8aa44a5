import type { ScopeNode } from "./node.ts";

/** A scope in words: `task 'a'`, `task group 'b'`, `a cancel scope`. */
export function nameOf(node: ScopeNode): string {
  const { name } = node as { readonly name?: unknown };
  if (typeof name !== "string") return "a cancel scope";
  return node.task === node ? `task '${name}'` : name;
}
