import type { RuntimeName } from "@arborio-internal/runtimes";
import type { Bench } from "./bench.ts";

/** A program of others, and what ours does with it. */
export interface Peer {
  readonly name: string;
  /** Commands that it needs on the PATH, and the Debian package of each. */
  readonly needs: Readonly<Record<string, string>>;
  /** Plays it through with our side on that runtime; gives the faults. */
  run(runtime: RuntimeName, bench: Bench): Promise<string[]>;
}
