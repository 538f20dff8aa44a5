import { TimeoutError, type WaitOptions } from "@arborio/core";
import { runScope, type CancelScope, type CancelScopeOptions } from "./cancel-scope.ts";

/** What the timeouts take besides. */
export interface TimeoutOptions extends WaitOptions {
  /** Whether cancellations and deadlines from outside stop at the block (C12); its own deadline still holds. */
  readonly shield?: boolean | undefined;
}

/** What `failAfter` and `failAt` take besides. */
export interface FailOptions extends TimeoutOptions {
  /** The TimeoutError's message. */
  readonly reason?: string | undefined;
}

/**
 * Runs `fn`, for `ms` milliseconds at most. Gives its value, or `undefined` if the time, or the scope's `cancel()`, cut it.
 *
 * The time counts from the call; a negative one counts as 0: the first checkpoint throws. null and undefined: no limit.
 *
 * @throws RangeError for NaN; else what `fn` throws
 */
export function moveOnAfter<T>(
  ms: number | null | undefined,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options: TimeoutOptions = {},
): Promise<T | undefined> {
  return runScope({ timeout: ms, shield: options.shield }, fn, options);
}

/** As {@link moveOnAfter}, until a time of the clock (see `currentTime`). */
export function moveOnAt<T>(
  deadline: number | null | undefined,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options: TimeoutOptions = {},
): Promise<T | undefined> {
  return runScope({ deadline, shield: options.shield }, fn, options);
}

/**
 * What a `failAfter` block gives: the function's value; or `undefined`, if it takes the scope, with which it can cancel itself.
 */
export type BlockValue<F extends (scope: CancelScope) => unknown> =
  Parameters<F> extends [] ? Awaited<ReturnType<F>> : Awaited<ReturnType<F>> | undefined;

/**
 * Runs `fn`, for `ms` milliseconds at most, and gives its value.
 *
 * **Throws** TimeoutError (`ERR_TIMEOUT`) if the deadline cut it; not for an explicit `scope.cancel()`: then it gives
 * `undefined` (C13), so the type says so where `fn` takes the scope. RangeError for NaN. Else what `fn` throws.
 */
export function failAfter<F extends (scope: CancelScope) => unknown>(
  ms: number | null | undefined,
  fn: F,
  options: FailOptions = {},
): Promise<BlockValue<F>> {
  return failing({ timeout: ms, shield: options.shield }, fn, options);
}

/** As {@link failAfter}, until a time of the clock (see `currentTime`). */
export function failAt<F extends (scope: CancelScope) => unknown>(
  deadline: number | null | undefined,
  fn: F,
  options: FailOptions = {},
): Promise<BlockValue<F>> {
  return failing({ deadline, shield: options.shield }, fn, options);
}

/** C13: the cause decides, not the clock. An explicit `cancel()` ends the block as `moveOnAfter` ends. */
function failing<F extends (scope: CancelScope) => unknown>(
  limits: CancelScopeOptions,
  fn: F,
  options: FailOptions,
): Promise<BlockValue<F>> {
  return runScope(limits, fn, options, ({ cancelled }) => {
    if (cancelled?.source !== "deadline") return undefined;
    throw new TimeoutError(options.reason ?? "Cannot finish the block: its deadline passed");
  }) as Promise<BlockValue<F>>;
}
