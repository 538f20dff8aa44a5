import { split } from "../errors/groups.ts";
import { isCancelledLeaf } from "../errors/is.ts";
import { visibleCancellation, type ScopeNode } from "./node.ts";

/** What {@link absorb} gives when nothing of the error is left. */
export const ABSORBED: unique symbol = Symbol("absorbed") as never;

/** Whether the scope's exit takes up cancellations: it was cancelled itself, and nothing visible outside is (C6). By state, never by whose Cancelled it is. */
export function absorbs(node: ScopeNode): boolean {
  return node.cancelled !== undefined && visibleCancellation(node) === undefined;
}

/**
 * What of an error leaves the scope: all of it; without its Cancelled leaves; or {@link ABSORBED} (C6, C7).
 * Call it before the scope is left.
 */
export function absorb(node: ScopeNode, error: unknown): unknown {
  if (!absorbs(node)) return error;
  const [cancelled, rest] = split(error, isCancelledLeaf);
  if (cancelled === undefined) return error;
  node.caught = true;
  return rest ?? ABSORBED;
}
