import type { WaitOptions } from "@arborio/core";
import { handled, settling, wrongType } from "@arborio/core/lowlevel";
import type { AsyncResource, Listener, ServeOptions } from "@arborio/streams";
import { Several } from "@arborio/streams/lowlevel";
import { taskGroup } from "@arborio/task-group";
import { startAll } from "./accept-loop.ts";
import { FairAccept } from "./fair-accept.ts";
import { checkServing, startGrace, type ServeHandler, type Serving } from "./serve.ts";

/** Several listeners as one, which owns them: closing it closes all. */
export interface MultiListener<S> extends Listener<S> {
  /** Those it is made of, for what each alone knows. Its own attributes are those of all; of one that several have, the last one's. */
  readonly listeners: readonly Listener<S>[];
}

/**
 * Makes one listener of several, of whatever kinds: TCP, UNIX, TLS.
 *
 * `accept` gives the next connection to any of them. Each is asked as often as any other, however busy it is.
 *
 * `serve` serves all by the one handler, each in its own way; `limit` counts them together. The first failure of one ends the
 * others; one that is closed alone ends alone.
 *
 * @throws TypeError for what is no listener, RangeError for none
 */
export function createMultiListener<S extends AsyncResource>(
  listeners: readonly Listener<S>[],
): MultiListener<S> {
  if (listeners.length === 0)
    throw new RangeError("Cannot make one listener of several: it takes at least one, received none");
  for (const listener of listeners) checkListener(listener);
  return new Multi(listeners);
}

/** The listener over several. */
export class Multi<S extends AsyncResource, L extends Listener<S>>
  extends Several
  implements MultiListener<S>
{
  readonly listeners: readonly L[];
  readonly #accepting: FairAccept<S>;

  constructor(listeners: readonly L[]) {
    super(listeners);
    this.listeners = Object.freeze([...listeners]);
    this.#accepting = new FairAccept<S>(listeners);
  }

  accept(options: WaitOptions = {}): Promise<S> {
    return this.#accepting.next(options);
  }

  serve(handler: ServeHandler<S>, options: ServeOptions<S> = {}): Promise<void> {
    const serving = checkServing(handler, options);
    // A listener closed before is a mistake; closed from now on, the way to stop.
    if (this.#accepting.ended) return settling(this.accept(options), () => {});
    return settling(this.#serveEach(serving), () => {});
  }

  override close(options?: WaitOptions): Promise<void> {
    this.#accepting.end();
    return super.close(options);
  }

  override closeForcefully(): void {
    this.#accepting.end();
    super.closeForcefully();
  }

  override [Symbol.asyncDispose](): Promise<void> {
    this.#accepting.end();
    return super[Symbol.asyncDispose]();
  }

  #serveEach(serving: Serving<S>): Promise<void> {
    const { handler, onError, limit, group, grace, signal } = serving;
    return taskGroup(
      async (own) => {
        const options = { onError, limit, group: group ?? own, signal: own.signal };
        const kept = this.#accepting.stop();
        own.spawn(() => startAll(kept, serving, options.group, options), { name: "serve" });
        // Begun now, not when the tasks are: one that is closed until then ends as one closed later.
        const begun = this.listeners.map((one) => handled(one.serve(handler, options)));
        const loops = begun.map((loop) => own.spawn(() => loop, { name: "serve" }));
        for (const loop of loops) await loop.wait({ signal: own.signal });
        startGrace(own, grace);
      },
      { signal, name: "serve several" },
    );
  }
}

function checkListener(listener: unknown): void {
  const { accept, serve } = Object(listener) as { accept?: unknown; serve?: unknown };
  if (typeof accept !== "function" || typeof serve !== "function")
    throw wrongType("make one listener of several", "it takes listeners", listener);
}
