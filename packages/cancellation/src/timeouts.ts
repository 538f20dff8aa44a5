import { TimeoutError, type WaitOptions } from "@arborio/core";
import { runScope, type Absorbed, type CancelScope } from "./cancel-scope.ts";

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
 * Runs `fn`, for `ms` milliseconds at most, and gives its value.
 *
 * **Throws** TimeoutError (`ERR_TIMEOUT`) if the deadline cut it; not for an explicit `scope.cancel()`: then it gives
 * `undefined` (C13), so the type says so where `fn` takes the scope. RangeError for NaN. Else what `fn` throws.
 */
export function failAfter<T>(ms: number | null | undefined, fn: () => T | PromiseLike<T>, options?: FailOptions): Promise<T>;
export function failAfter<T>(
  ms: number | null | undefined,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options?: FailOptions,
): Promise<T | undefined>;
export function failAfter<T>(
  ms: number | null | undefined,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options: FailOptions = {},
): Promise<T | undefined> {
  return runScope({ timeout: ms, shield: options.shield }, fn, options, failing(options));
}

/** As {@link failAfter}, until a time of the clock (see `currentTime`). */
export function failAt<T>(deadline: number | null | undefined, fn: () => T | PromiseLike<T>, options?: FailOptions): Promise<T>;
export function failAt<T>(
  deadline: number | null | undefined,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options?: FailOptions,
): Promise<T | undefined>;
export function failAt<T>(
  deadline: number | null | undefined,
  fn: (scope: CancelScope) => T | PromiseLike<T>,
  options: FailOptions = {},
): Promise<T | undefined> {
  return runScope({ deadline, shield: options.shield }, fn, options, failing(options));
}

/** C13: the cause decides, not the clock. An explicit `cancel()` ends the block as `moveOnAfter` ends. */
function failing({ reason }: FailOptions): Absorbed<undefined> {
  return (node) => {
    if (node.cancelled?.source !== "deadline") return undefined;
    throw new TimeoutError(reason ?? "Cannot finish the block: its deadline passed");
  };
}
