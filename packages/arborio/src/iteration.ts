/**
 * Events as waits and as asynchronous iteration: `@arborio/iteration`.
 *
 * @module
 */
export { on, once } from "@arborio/iteration";
export type { Emitter, Events } from "@arborio/iteration";
