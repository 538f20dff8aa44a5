import { isCancelled, sleep, type WaitOptions } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import {
  cancelledNow,
  checkFunction,
  checkTime,
  currentRuntime,
  currentScope,
  scopeOfSignal,
  settling,
  show,
} from "@arborio/core/lowlevel";

/** How often, and after what pauses, something is tried again. */
export interface RetryOptions extends WaitOptions {
  /** How often it is tried at most, the first time included; by default 3. `Infinity`: until it succeeds. */
  readonly attempts?: number | undefined;
  /** The pause after the first failure, in ms; by default 100. */
  readonly delay?: number | undefined;
  /** By what each pause is longer than the one before; by default 2. */
  readonly factor?: number | undefined;
  /** The longest pause, in ms; by default 30,000. */
  readonly maxDelay?: number | undefined;
  /** How much of each pause is left to chance, from 0, none of it, to 1, all of it; by default 0.5. */
  readonly jitter?: number | undefined;
  /** Whether to try again after this error; by default after any. */
  readonly when?: ((error: unknown, attempt: number) => boolean | PromiseLike<boolean>) | undefined;
}

/**
 * Calls `fn`, and again after a pause if it fails. It is given the number of the attempt, from 1 on. The n-th pause is
 * `delay × factor^(n-1)`, at most `maxDelay`, less a random part of it, up to `jitter`: who failed together does not come
 * again together. The random numbers are the backend's, so that a simulation is repeatable.
 *
 * **Cancellation** A cancellation is never retried; that of another task, which came through a promise the two share, is a
 * failure like any (T18). To limit all attempts together, put a timeout around `retry`; to limit each, inside `fn`.
 *
 * **Throws** the last error, as it is; RangeError for options out of their range.
 */
export function retry<T>(
  fn: (attempt: number) => T | PromiseLike<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = 3, delay = 100, factor = 2, maxDelay = 30_000, jitter = 0.5, when, signal } = options;
  checkFunction("retry", fn);
  if (when !== undefined) checkFunction("retry", when);
  check({ attempts }, 1, Infinity);
  check({ delay, factor, maxDelay }, 0, Infinity);
  check({ jitter }, 0, 1);
  const loop = async (within: WaitOptions): Promise<T> => {
    const here = currentScope() ?? scopeOfSignal(within.signal);
    for (let attempt = 1; ; attempt++) {
      try {
        return await fn(attempt);
      } catch (error) {
        // Another's cancellation is a failure like any (T18).
        if (isCancelled(error) && here?.reached !== false) throw error;
        // In a cancelled scope there is no next attempt, and this may be the failure of a clean-up.
        if (attempt >= attempts || cancelledNow(within)) throw error;
        if (when !== undefined && !(await when(error, attempt))) throw error;
      }
      const pause = Math.min(maxDelay, delay * factor ** (attempt - 1) || 0);
      const random = currentRuntime().backend?.random?.() ?? Math.random();
      await sleep(pause * (1 - jitter * random), within);
    }
  };
  if (signal === undefined) return settling(loop({}), (value) => value);
  // The signal is the block's, not each pause's: it reaches what `fn` waits for as well (C17).
  return new CancelScope().run(loop, { signal }) as Promise<T>;
}

function check(options: Record<string, number>, least: number, most: number): void {
  for (const [name, value] of Object.entries(options)) {
    checkTime("retry", name, value);
    if (value >= least && value <= most) continue;
    throw new RangeError(`Cannot retry: ${name} is out of range, received ${show(value)}`);
  }
}
