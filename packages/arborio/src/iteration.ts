/**
 * Events as waits and as asynchronous iteration: `@arborio/iteration`.
 *
 * @module
 */
export { on, once, safeChannel } from "@arborio/iteration";
export type { Emitter, Events, SafeChannel } from "@arborio/iteration";
