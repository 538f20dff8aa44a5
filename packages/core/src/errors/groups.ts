import { asked, brandOf } from "./base.ts";
import { TaskGroupError } from "./vocabulary.ts";

/**
 * The errors a group is made of, groups within it opened: of an AggregateError its `errors`, of a SuppressedError
 * `error` and `suppressed` (C19). An error that is no group is its own only leaf. A group met again, as by one that holds
 * itself, is not opened again.
 */
export function leaves(error: unknown): unknown[] {
  const found: unknown[] = [];
  split(error, (leaf) => found.push(leaf) > 0);
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
  // Most errors are no groups.
  if (partsOf(error) === undefined) return predicate(error) ? [error, undefined] : [undefined, error];
  // The halves of groups met before: a group may stand in several, or in itself, where it has none.
  const known = new Map<unknown, Halves>();
  const opened: Opened[] = [open(undefined, [error])];
  for (;;) {
    const { group, parts, halves } = opened.at(-1) as Opened;
    const { done, value: part } = parts.next();
    const inner = partsOf(part);
    if (done === true) {
      opened.pop();
      const around = opened.at(-1);
      if (around === undefined) return [halves[0][0], halves[1][0]];
      const whole = regroup(group, halves);
      known.set(group, whole);
      add(around.halves, whole);
    } else if (inner === undefined) {
      halves[predicate(part) ? 0 : 1].push(part);
    } else if (known.has(part)) {
      add(halves, known.get(part) as Halves);
    } else {
      known.set(part, [[], []]);
      opened.push(open(part, inner));
    }
  }
}

/** The leaves that match, and the rest; of a group that is put together again: one or none each, for what was thrown may be `undefined`. */
type Halves = [matched: unknown[], rest: unknown[]];

/** A group that is being taken apart; a list of them in place of recursion, for groups nest as deep as scopes do. */
interface Opened {
  readonly group: unknown;
  readonly parts: Iterator<unknown, undefined>;
  readonly halves: Halves;
}

function open(group: unknown, parts: unknown[]): Opened {
  return { group, parts: parts.values(), halves: [[], []] };
}

function add(to: Halves, [matched, rest]: Halves): void {
  to[0].push(...matched);
  to[1].push(...rest);
}

function regroup(group: unknown, [matched, rest]: Halves): Halves {
  if (matched.length === 0) return [[], [group]];
  return rest.length === 0 ? [[group], []] : [gather(group, matched), gather(group, rest)];
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
  return asked(() => {
    const group = Object(error) as {
      name?: unknown;
      error?: unknown;
      suppressed?: unknown;
      errors?: unknown;
    };
    // By name and fields: code lowered from `using` has no class of that name.
    if (group.name === "SuppressedError" && "suppressed" in group) return [group.error, group.suppressed];
    const isGroup = group.name === "AggregateError" || group instanceof AggregateError;
    return isGroup && Array.isArray(group.errors) ? [...(group.errors as unknown[])] : undefined;
  });
}

function gather(group: unknown, parts: unknown[]): unknown[] {
  const { message, name } = group as Error;
  if (name === "SuppressedError" && parts.length === 1) return parts;
  const Group = brandOf(group) === "TaskGroupError" ? TaskGroupError : AggregateError;
  // The group stands for its own options: of them only its cause is asked for.
  return [new Group(parts, message, group as ErrorOptions)];
}
