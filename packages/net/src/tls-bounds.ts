import { TimeoutError, type ScopeControl, type WaitOptions } from "@arborio/core";
import type { ServeLimit } from "@arborio/streams";
import { CapacityLimiter } from "@arborio/sync";

// Without `maxSilent` as many as are served: whoever limits those knows how many descriptors there are. But so many that
// clients that connect together do not close each other, and no more than a flood needs to give each a second.
const FEW = 64;
const MANY = 1_000;

/** What becomes of a connection whose scope was cancelled by {@link TlsBounds.silent}. */
export function tooManySilent(most: number): Error {
  return new TimeoutError(
    `Cannot start TLS: the client had said nothing when ${String(most)} others came after it`,
  );
}

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
  readonly #maxSilent: number | undefined;
  readonly #handshakes: CapacityLimiter;
  /** Oldest first. */
  readonly #silent: Set<ScopeControl> = new Set();
  #stopped = false;

  constructor(maxSilent: number | undefined, maxHandshakes: number) {
    this.#maxSilent = maxSilent;
    this.#handshakes = new CapacityLimiter(maxHandshakes);
  }

  /** Whether silent connections are closed, since nothing is accepted any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Closes the silent connections, now and later: a stranger who says nothing must not hold up a server that ends. */
  stop(): void {
    this.#stopped = true;
    for (const scope of this.#silent) scope.cancel("the listener was closed");
  }

  /** How many may be silent while so many are served. */
  mostSilent(limit: ServeLimit | undefined): number {
    const served = (limit as Partial<CapacityLimiter> | undefined)?.totalTokens ?? Infinity;
    return this.#maxSilent ?? Math.min(Math.max(served, FEW), MANY);
  }

  /** Waits for the first record by `hear`, in a scope that is cancelled when it is the oldest of more than `most`. */
  async silent(scope: ScopeControl, most: number, hear: () => Promise<void>): Promise<void> {
    this.#silent.add(scope);
    if (this.#silent.size > most) this.#closeOldest();
    if (this.#stopped) scope.cancel("the listener was closed");
    try {
      await hear();
    } finally {
      this.#silent.delete(scope);
    }
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
