import { leaves, split } from "../errors/groups.ts";
import { cancelledIn, isCancelledLeaf } from "../errors/is.ts";
import { oneLine } from "../errors/one-line.ts";
import { TaskCancelled } from "../errors/vocabulary.ts";
import { nameOf } from "./name.ts";
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

/**
 * An error as it leaves a task or the body of a group. If no cancellation ever reached its scope, Cancelled leaves belong
 * to a scope elsewhere: beside other errors they are dropped, alone they are a TaskCancelled (T18). Where the scope is not
 * known nothing is changed. Call it before the scope is left.
 */
export function strayed(node: ScopeNode | undefined, error: unknown): unknown {
  // Not by `effective`: a shield may hide by now the cancellation whose Cancelled this is (C12).
  if (node?.reached !== false) return error;
  const [cancelled, rest] = split(error, isCancelledLeaf);
  if (cancelled === undefined || rest !== undefined) return rest;
  const of = cancelledIn(leaves(cancelled)[0])?.of;
  const whose = typeof of === "string" ? `, of a scope of task '${oneLine(of, 80)}'` : "";
  const message = `Cannot finish ${oneLine(nameOf(node), 80)}: it failed with a cancellation that did not reach it${whose}`;
  return new TaskCancelled(message, { cause: error });
}
