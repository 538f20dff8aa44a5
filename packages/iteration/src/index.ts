/**
 * Events as waits, and as asynchronous iteration, with no listener left behind; async generators that may hold scopes and
 * task groups over their yields.
 *
 * ```ts
 * import { on, once } from "@arborio/iteration";
 *
 * const target = new EventTarget();
 * setTimeout(() => target.dispatchEvent(new Event("ready")), 5);
 * console.log((await once(target, "ready")).type); // ready
 *
 * setTimeout(() => target.dispatchEvent(new Event("tick")), 5);
 * for await (const event of on(target, "tick")) {
 *   console.log(event.type); // tick
 *   break;
 * }
 * ```
 *
 * @module
 */
export type { Emitter } from "./emitter.ts";
export { on, type Events } from "./on.ts";
export { once } from "./once.ts";
export { safeChannel, type SafeChannel } from "./safe-channel.ts";
