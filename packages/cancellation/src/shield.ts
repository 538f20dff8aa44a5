import type { WaitOptions } from "@arborio/core";
import { runScope, type CancelScope } from "./cancel-scope.ts";

/**
 * Runs `fn` where cancellations and deadlines from outside do not reach, and gives its value: for cleanup that must wait.
 * Keep it short: nothing outside can end it. Scopes opened inside still work (C12).
 *
 * `fn` is given the shield's signal, to pass on as `{ signal }` where there is no ambient context.
 */
export function shield<T>(
  fn: (scope: Pick<CancelScope, "signal">) => T | PromiseLike<T>,
  options: WaitOptions = {},
): Promise<T> {
  // Nobody has a handle to cancel this scope with; only a foreign signal can, and that throws its reason.
  return runScope<T, never>({ shield: true }, fn, options);
}
