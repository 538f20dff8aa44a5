import type { WaitOptions } from "@arborio/core";
import { suspend } from "@arborio/core/lowlevel";
import { listen, mannersOf, type Emitter } from "./emitter.ts";

/**
 * Waits for the next such event of an emitter, and gives its arguments; or of an EventTarget, and gives the event.
 *
 * **Cancellation** Ends the waiting. However it ends, no listener is left behind.
 *
 * **Throws** what an emitter says with `error` before, as node:events does; TypeError for what neither emits nor is a target.
 */
export function once<A extends unknown[] = unknown[]>(
  emitter: Emitter,
  event: string | symbol,
  options?: WaitOptions,
): Promise<A>;
export function once<E extends Event = Event>(
  target: EventTarget,
  event: string,
  options?: WaitOptions,
): Promise<E>;
export function once(
  target: Emitter | EventTarget,
  event: string | symbol,
  options: WaitOptions = {},
): Promise<unknown> {
  mannersOf(target);
  return suspend<unknown>(
    (waiter) => {
      const stop = listen(
        target,
        event,
        (value) => {
          stop();
          waiter.resume(value);
        },
        (error) => {
          stop();
          waiter.fail(error);
        },
      );
      return stop;
    },
    { signal: options.signal, waitingFor: `event '${String(event)}'` },
  );
}
