import { BrokenResourceError, type WaitOptions } from "@arborio/core";
import { afterWait, checkFunction } from "@arborio/core/lowlevel";
import type { Listener, ServeOptions } from "../listener.ts";
import { Merged } from "../merge.ts";
import type { AsyncResource } from "../resource.ts";
import { Source } from "../source.ts";
import { attributesOf, type Attributes } from "../typed-attributes.ts";
import { onEach } from "./stapled.ts";

/**
 * One listener over several, as for IPv4 and IPv6: connections come from any of them, `close` closes all, also if closing
 * one fails. Of `accept` more than one task may wait.
 *
 * `serve` serves all of them; the first failure of one ends the others.
 */
export function combineListeners<S extends AsyncResource>(...listeners: readonly Listener<S>[]): Listener<S> {
  return new Combined(listeners);
}

class Combined<S extends AsyncResource> implements Listener<S> {
  readonly #listeners: readonly Listener<S>[];
  readonly #accepted: Merged<S>;

  constructor(listeners: readonly Listener<S>[]) {
    this.#listeners = listeners;
    const accepting = (listener: Listener<S>): Source<S> =>
      new Source({ receive: (options) => listener.accept(options) });
    this.#accepted = new Merged(listeners.map(accepting), (late) => late.closeForcefully());
  }

  /** Those of all; of one that several have, the last one's. */
  get attributes(): Attributes {
    return new Map(this.#listeners.flatMap((listener) => [...attributesOf(listener)]));
  }

  accept(options?: WaitOptions): Promise<S> {
    return this.#accepted.receive(options);
  }

  serve(handler: (stream: S) => unknown, { group, signal }: ServeOptions = {}): Promise<void> {
    checkFunction("serve", handler);
    const controller = new AbortController();
    const failed = new BrokenResourceError("Cannot serve: another of the listeners failed");
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
    return afterWait(onEach(this.#listeners, serving), over, (error) => {
      over();
      throw error;
    });
  }

  close(options?: WaitOptions): Promise<void> {
    this.#accepted.closeForcefully();
    return onEach(this.#listeners, (listener) => listener.close(options));
  }

  closeForcefully(): void {
    this.#accepted.closeForcefully();
    for (const listener of this.#listeners) listener.closeForcefully();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#accepted.closeForcefully();
    return onEach(this.#listeners, (listener) => listener[Symbol.asyncDispose]());
  }
}
