import { brandOf } from "./base.ts";
import { TaskGroupError } from "./task-group-error.ts";

interface Suppressed {
  readonly error: unknown;
  readonly suppressed: unknown;
}

/**
 * The errors a group is made of, groups within it opened: of an AggregateError its `errors`, of a SuppressedError
 * `error` and `suppressed` (C19). An error that is no group is its own only leaf. A group that holds itself is entered once.
 */
export function leaves(error: unknown): unknown[] {
  const parts = partsOf(error);
  if (parts === undefined) return [error];
  const found: unknown[] = [];
  const entered = new Set<unknown>([error]);
  const rest = [...parts].reverse();
  while (rest.length > 0) {
    const next = rest.pop();
    const inner = partsOf(next);
    if (inner === undefined) found.push(next);
    else if (!entered.has(next)) {
      entered.add(next);
      rest.push(...[...inner].reverse());
    }
  }
  return found;
}

/**
 * Parts the leaves of an error by a predicate. Each half keeps the shape of the group, its message and cause; a half that
 * has all the leaves is the very error given, one that has none is `undefined`. What is left of a SuppressedError with one
 * side gone is the other side.
 */
export function split(error: unknown, predicate: (leaf: unknown) => boolean): [matched: unknown, rest: unknown] {
  const parts = partsOf(error);
  if (parts === undefined) return predicate(error) ? [error, undefined] : [undefined, error];
  const verdicts = leaves(error).map(predicate);
  if (verdicts.every(Boolean)) return [error, undefined];
  if (!verdicts.some(Boolean)) return [undefined, error];
  const matched: unknown[] = [];
  const rest: unknown[] = [];
  for (const part of parts) {
    const [yes, no] = split(part, predicate);
    if (yes !== undefined) matched.push(yes);
    if (no !== undefined) rest.push(no);
  }
  return [regroup(error, matched), regroup(error, rest)];
}

/**
 * A group of one is that one, however deep; any other error is itself.
 * For a caller who would rather catch the error than the group of it.
 */
export function collapse(error: unknown): unknown {
  const parts = partsOf(error);
  if (parts === undefined) return error;
  const all = leaves(error);
  return all.length === 1 ? all[0] : error;
}

function partsOf(error: unknown): readonly unknown[] | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if (isSuppressed(error)) return [error.error, error.suppressed];
  const { errors } = error as { errors?: unknown };
  const isGroup = brandOf(error) === "TaskGroupError" || (error as { name?: unknown }).name === "AggregateError" || error instanceof AggregateError;
  return isGroup && Array.isArray(errors) ? errors : undefined;
}

// By name and fields: code lowered from `using` has no class of that name.
function isSuppressed(error: object): error is Suppressed {
  return (error as { name?: unknown }).name === "SuppressedError" && "error" in error && "suppressed" in error;
}

function regroup(group: unknown, parts: unknown[]): unknown {
  if (parts.length === 1 && isSuppressed(group as object)) return parts[0];
  const { message, cause } = group as Error;
  const options = cause === undefined ? undefined : { cause };
  return brandOf(group) === "TaskGroupError"
    ? new TaskGroupError(parts, message, options)
    : new AggregateError(parts, message, options);
}
