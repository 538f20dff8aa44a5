/**
 * Cancel scopes, timeouts, shields, and the bridges to AbortSignal: `@arborio/cancellation`.
 *
 * @module
 */
export {
  abortable,
  CancelScope,
  currentEffectiveDeadline,
  currentSignal,
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  shield,
  unscoped,
} from "@arborio/cancellation";
export type {
  BlockValue,
  CancelScopeConstructor,
  CancelScopeOptions,
  FailOptions,
  TimeoutOptions,
} from "@arborio/cancellation";
