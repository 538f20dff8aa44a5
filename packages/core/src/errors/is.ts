import { asked, brandOf } from "./base.ts";
import type { Cancelled } from "./cancelled.ts";
import { split } from "./groups.ts";
import type { ErrorVocabulary } from "./vocabulary.ts";

/** Whether this is the library's error of that name, of any copy of the library. */
export function isError<N extends keyof ErrorVocabulary>(
  error: unknown,
  name: N,
): error is ErrorVocabulary[N] {
  return brandOf(error) === name;
}

/**
 * Whether this is a cancellation on its way: a Cancelled, an AbortError whose reason or cause is one, or a group with one
 * among its leaves (C19). Such an error must be thrown on. TaskCancelled is none.
 */
export function isCancelled(error: unknown): boolean {
  return split(error, isCancelledLeaf)[0] !== undefined;
}

/** Whether an error is nothing but cancellations. */
export function onlyCancelled(error: unknown): boolean {
  const [cancelled, rest] = split(error, isCancelledLeaf);
  return cancelled !== undefined && rest === undefined;
}

/** Whether this very error, no group, is a Cancelled or the platform's AbortError for one. */
export function isCancelledLeaf(error: unknown): boolean {
  return cancelledIn(error) !== undefined;
}

/** The Cancelled that this very error is, or that it is the platform's AbortError for. */
export function cancelledIn(error: unknown): Cancelled | undefined {
  if (brandOf(error) === "Cancelled") return error as Cancelled;
  return asked(() => {
    const { name, cause, reason } = Object(error) as { name?: unknown; cause?: unknown; reason?: unknown };
    if (name !== "AbortError") return undefined;
    return [cause, reason].find((one) => brandOf(one) === "Cancelled") as Cancelled | undefined;
  });
}

/** Whether this is a timeout: ours, of any copy of the library, or the platform's (`AbortSignal.timeout`). */
export function isTimeout(error: unknown): boolean {
  return (error as { name?: unknown } | null | undefined)?.name === "TimeoutError";
}
