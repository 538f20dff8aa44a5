import type { WaitOptions } from "@arborio/core";
import { afterWait, checkFunction } from "@arborio/core/lowlevel";
import { brokenError } from "../errors.ts";
import { createJunction } from "../junction.ts";
import type { Listener, ServeOptions } from "../listener.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";
import type { AsyncResource } from "../resource.ts";
import { onEach, Several } from "./several.ts";

/**
 * One listener over several, as for IPv4 and IPv6: connections come from any of them, `close` closes all, also if closing
 * one fails. Of `accept` more than one task may wait.
 *
 * `serve` serves all of them; the first failure of one ends the others.
 */
export function combineListeners<S extends AsyncResource>(...listeners: readonly Listener<S>[]): Listener<S> {
  return new Combined(listeners);
}

class Combined<S extends AsyncResource> extends Several implements Listener<S> {
  readonly #listeners: readonly Listener<S>[];
  readonly #accepted: ObjectReceiveStream<S>;

  constructor(listeners: readonly Listener<S>[]) {
    const sources = listeners.map((listener) => ({
      receive: (options?: WaitOptions) => listener.accept(options),
    }));
    const accepted = createJunction(sources, (late: S) => late.closeForcefully())();
    super([accepted, ...listeners]);
    this.#listeners = listeners;
    this.#accepted = accepted;
  }

  accept(options?: WaitOptions): Promise<S> {
    return this.#accepted.receive(options);
  }

  serve(handler: (stream: S) => unknown, { group, signal }: ServeOptions = {}): Promise<void> {
    checkFunction("serve", handler);
    const controller = new AbortController();
    const failed = brokenError("serve", "another listener failed");
    const forward = (): void => controller.abort(signal?.reason);
    if (signal?.aborted === true) forward();
    signal?.addEventListener("abort", forward);
    const serving = async (listener: Listener<S>): Promise<void> => {
      try {
        await listener.serve(handler, { group, signal: controller.signal });
      } catch (error) {
        controller.abort(failed);
        if (error !== failed) throw error;
      }
    };
    const over = (): void => signal?.removeEventListener("abort", forward);
    return afterWait(onEach(this.#listeners, serving).finally(over));
  }
}
