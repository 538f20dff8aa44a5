import { brandOf } from "./base.ts";
import { TaskGroupError } from "./vocabulary.ts";

/**
 * The errors a group is made of, groups within it opened: of an AggregateError its `errors`, of a SuppressedError
 * `error` and `suppressed` (C19). An error that is no group is its own only leaf. A group met again, as by one that holds
 * itself, is not opened again.
 */
export function leaves(error: unknown): unknown[] {
  const found: unknown[] = [];
  const opened = new Set<unknown>();
  const rest = [error];
  while (rest.length > 0) {
    const next = rest.pop();
    const parts = partsOf(next);
    if (parts === undefined) found.push(next);
    if (parts === undefined || opened.has(next)) continue;
    opened.add(next);
    for (const part of parts.toReversed()) rest.push(part);
  }
  return found;
}

/**
 * Parts the leaves of an error by a predicate. Each half keeps the shape of the group, its message and cause; a half that
 * has all the leaves is the very error given, one that has none is `undefined`. What is left of a SuppressedError with one
 * side gone is the other side.
 */
export function split(
  error: unknown,
  predicate: (leaf: unknown) => boolean,
): [matched: unknown, rest: unknown] {
  const [[matched], [rest]] = halves(error, predicate, new Map());
  return [matched, rest];
}

/** A list of one or none each, for what was thrown may be `undefined`. */
type Halves = [matched: unknown[], rest: unknown[]];

/** @param known the halves of groups met before: a group may stand in several, or in itself, where it has none */
function halves(error: unknown, predicate: (leaf: unknown) => boolean, known: Map<unknown, Halves>): Halves {
  const parts = partsOf(error);
  if (parts === undefined) return predicate(error) ? [[error], []] : [[], [error]];
  const before = known.get(error);
  if (before !== undefined) return before;
  known.set(error, [[], []]);
  const pairs = parts.map((part) => halves(part, predicate, known));
  const matched = pairs.flatMap(([half]) => half);
  const rest = pairs.flatMap(([, half]) => half);
  const parted: Halves =
    matched.length === 0
      ? [[], [error]]
      : rest.length === 0
        ? [[error], []]
        : [regroup(error, matched), regroup(error, rest)];
  known.set(error, parted);
  return parted;
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
  const group = Object(error) as { name?: unknown; error?: unknown; suppressed?: unknown; errors?: unknown };
  // By name and fields: code lowered from `using` has no class of that name.
  if (group.name === "SuppressedError" && "suppressed" in group) return [group.error, group.suppressed];
  const isGroup = group.name === "AggregateError" || group instanceof AggregateError;
  return isGroup && Array.isArray(group.errors) ? group.errors : undefined;
}

function regroup(group: unknown, parts: unknown[]): unknown[] {
  const { message, name } = group as Error;
  if (name === "SuppressedError" && parts.length === 1) return parts;
  const Group = brandOf(group) === "TaskGroupError" ? TaskGroupError : AggregateError;
  // The group stands for its own options: of them only its cause is asked for.
  return [new Group(parts, message, group as ErrorOptions)];
}
