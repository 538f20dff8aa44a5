import { BusyResourceError } from "@arborio/core";
import { begin, show, wrongType } from "@arborio/core/lowlevel";
import { checkCallable, holding } from "./governor.ts";
import { Lock } from "./lock.ts";
import type { Permit } from "./permit.ts";

export interface ResourceGuardStatistics {
  readonly busy: boolean;
}

/**
 * Makes the second use at a time an error instead of a wait: for what two tasks must not do at once, as reading from one
 * connection.
 *
 * ```ts fragment
 * const reading = new ResourceGuard("reading");
 * using _ = reading.enter();
 * ```
 */
export class ResourceGuard {
  readonly #action: string;
  readonly #lock = new Lock();

  /** @param action what is guarded, in words, as `reading`: the error quotes it */
  constructor(action = "using it") {
    if (typeof action !== "string") throw wrongType("make a guard", "action must be a string", action);
    this.#action = action;
  }

  /**
   * Begins a use, which ends when the permit is released.
   *
   * @throws BusyResourceError while another goes on
   */
  enter(): Permit {
    const permit = this.#lock.tryAcquire();
    if (permit !== undefined) return permit;
    throw new BusyResourceError(`Cannot use the resource: another task is busy with ${show(this.#action)}`);
  }

  /** Calls `fn` as a use; rejects with BusyResourceError while another goes on. */
  with<T>(fn: () => T | PromiseLike<T>): Promise<T> {
    checkCallable(fn);
    return holding(
      begin(() => this.enter(), undefined),
      fn,
    );
  }

  statistics(): ResourceGuardStatistics {
    return Object.freeze({ busy: this.#lock.locked });
  }
}
