import { TimeoutError, type ScopeControl, type WaitOptions } from "@arborio/core";
import type { ServeLimit } from "@arborio/streams";
import { CapacityLimiter } from "@arborio/sync";

/**
 * How many connections of a TLS listener may be in each state at once:
 *
 * | state     | the client has             | bound           | of one too many                                           |
 * |-----------|----------------------------|-----------------|-----------------------------------------------------------|
 * | silent    | not sent its first record  | `maxSilent`     | the oldest is closed                                      |
 * | handshake | sent it                    | `maxHandshakes` | it waits, and meanwhile none is accepted                  |
 * | served    | done its handshake         | serve's `limit` | the same; it counts from the first record on              |
 *
 * A silent connection counts for nothing but `maxSilent`: it costs a socket and a deadline, and keeps nobody out.
 */
export class TlsBounds {
  readonly #maxSilent: number;
  readonly #handshakes: CapacityLimiter;
  /** Oldest first. */
  readonly #silent: Set<ScopeControl> = new Set();

  constructor(maxSilent: number, maxHandshakes: number) {
    this.#maxSilent = maxSilent;
    this.#handshakes = new CapacityLimiter(maxHandshakes);
  }

  /** Waits for the first record by `hear`, in a scope that is cancelled when it is the oldest of too many. */
  async silent(scope: ScopeControl, hear: () => Promise<void>): Promise<void> {
    this.#silent.add(scope);
    if (this.#silent.size > this.#maxSilent) this.#closeOldest();
    try {
      await hear();
    } finally {
      this.#silent.delete(scope);
    }
  }

  /** What becomes of a connection whose scope was cancelled by {@link silent}. */
  tooMany(): Error {
    const limit = String(this.#maxSilent);
    return new TimeoutError(`Cannot start TLS: the client had said nothing when ${limit} others came`);
  }

  /** Does a handshake when its turn comes. */
  handshake<T>(shake: () => Promise<T>, options: WaitOptions): Promise<T> {
    return this.#handshakes.with(shake, options);
  }

  /** What a listener waits for before it accepts: that one more could be served, and do its handshake. It is not held meanwhile. */
  accepting(limit: ServeLimit | undefined): ServeLimit {
    return {
      acquire: async (options = {}) => {
        (await limit?.acquire(options))?.release();
        (await this.#handshakes.acquire(options)).release();
        return { release: () => {} };
      },
    };
  }

  #closeOldest(): void {
    const [oldest] = this.#silent;
    this.#silent.delete(oldest!);
    oldest!.cancel("too many connections are silent");
  }
}
