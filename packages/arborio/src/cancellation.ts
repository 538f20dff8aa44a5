/**
 * Cancel scopes, timeouts, shields, and the bridges to AbortSignal: `@arborio/cancellation`.
 *
 * @module
 */
export {
  abortable,
  bind,
  CancelScope,
  currentEffectiveDeadline,
  currentSignal,
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  shield,
  snapshot,
  unscoped,
} from "@arborio/cancellation";
export type {
  BlockValue,
  CancelScopeConstructor,
  CancelScopeOptions,
  FailOptions,
  Snapshot,
  TimeoutOptions,
} from "@arborio/cancellation";
