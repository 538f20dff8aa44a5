/**
 * Cancel scopes, timeouts, shields, and the bridges to AbortSignal.
 *
 * ```ts
 * import { sleep } from "@arborio/core";
 * import { moveOnAfter } from "@arborio/cancellation";
 *
 * const answer = await moveOnAfter(20, async () => {
 *   await sleep(1_000); // stops by itself: no signal to pass
 *   return 42;
 * });
 * console.log(answer ?? "too late"); // too late
 * ```
 *
 * @module
 */
export { abortable } from "./abortable.ts";
export { currentEffectiveDeadline, currentSignal } from "./ambient.ts";
export { bind, snapshot, type Snapshot } from "./bind.ts";
export { CancelScope, type CancelScopeConstructor, type CancelScopeOptions } from "./cancel-scope.ts";
export { shield } from "./shield.ts";
export {
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  type BlockValue,
  type FailOptions,
  type TimeoutOptions,
} from "./timeouts.ts";
export { unscoped } from "./unscoped.ts";
