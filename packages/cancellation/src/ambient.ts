import { currentScope, visibleCancellation } from "@arborio/core/lowlevel";

/**
 * When the calling code will be cancelled by a deadline: the least one up to and including the nearest shield, a time of the
 * clock in ms; `Infinity` if there is none, `-Infinity` if it is cancelled already (C14).
 */
export function currentEffectiveDeadline(): number {
  const scope = currentScope();
  if (scope === undefined) return Infinity;
  return (scope.cancelled ?? visibleCancellation(scope)) === undefined
    ? (scope.dueBy?.at ?? Infinity)
    : -Infinity;
}

/** The signal of the scope the calling code runs in, for `fetch` and the like; outside any, one that never aborts. */
export function currentSignal(): AbortSignal {
  const scope = currentScope();
  return scope === undefined ? new AbortController().signal : scope.signal;
}
