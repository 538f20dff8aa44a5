import { brandOf } from "./base.ts";
import { TaskGroupError } from "./vocabulary.ts";

/**
 * The errors a group is made of, groups within it opened: of an AggregateError its `errors`, of a SuppressedError
 * `error` and `suppressed` (C19). An error that is no group is its own only leaf.
 */
export function leaves(error: unknown): unknown[] {
  const parts = partsOf(error);
  return parts === undefined ? [error] : parts.flatMap(leaves);
}

/**
 * Parts the leaves of an error by a predicate. Each half keeps the shape of the group, its message and cause; a half that
 * has all the leaves is the very error given, one that has none is `undefined`. What is left of a SuppressedError with one
 * side gone is the other side.
 */
export function split(error: unknown, predicate: (leaf: unknown) => boolean): [matched: unknown, rest: unknown] {
  const verdicts = new Set(leaves(error).map(predicate));
  if (!verdicts.has(false)) return [error, undefined];
  if (!verdicts.has(true)) return [undefined, error];
  const halves: [unknown[], unknown[]] = [[], []];
  for (const part of partsOf(error) as unknown[]) {
    split(part, predicate).forEach((half, at) => half !== undefined && halves[at]?.push(half));
  }
  return [regroup(error, halves[0]), regroup(error, halves[1])];
}

/**
 * A group with one leaf is that leaf, however deep; any other error is itself.
 * For a caller who would rather catch the error than the group of it.
 */
export function collapse(error: unknown): unknown {
  const all = leaves(error);
  return all.length === 1 ? all[0] : error;
}

/** What a group is made of; undefined for an error that is none. */
export function partsOf(error: unknown): unknown[] | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const group = error as { name?: unknown; error?: unknown; suppressed?: unknown; errors?: unknown };
  // By name and fields: code lowered from `using` has no class of that name.
  if (group.name === "SuppressedError" && "suppressed" in group) return [group.error, group.suppressed];
  const isGroup = group.name === "AggregateError" || brandOf(group) === "TaskGroupError" || group instanceof AggregateError;
  return isGroup && Array.isArray(group.errors) ? group.errors : undefined;
}

function regroup(group: unknown, parts: unknown[]): unknown {
  const { message, cause, name } = group as Error;
  if (name === "SuppressedError" && parts.length === 1) return parts[0];
  const Group = brandOf(group) === "TaskGroupError" ? TaskGroupError : AggregateError;
  return new Group(parts, message, cause === undefined ? undefined : { cause });
}
