import type { Clock } from "./clock.ts";
import type { FsBackend } from "./fs.ts";
import type { Host } from "./host.ts";
import type { NetBackend } from "./net.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SignalsBackend } from "./signals.ts";

/** A running root, as its backend sees it: the top of a task tree, which it can end. (`infoOf` of core's lowlevel shows the tree.) */
export interface RootView {
  readonly name: string;
  /** Cancels the root's tasks; the run rejects with `error` when they have ended. A second call does not wait for them. */
  fail(error: unknown): void;
}

/**
 * A runtime's mechanisms: no locks, groups, deadlines or shields, only plain promises. A capability that is absent
 * is `undefined`; using it is an UnsupportedError that names both.
 */
export interface Backend {
  /** As `node`, `deno`, `web`, `simulation`. */
  readonly name: string;
  /** Absent: the platform's timers. */
  readonly clock?: Clock | undefined;
  /** Absent: the platform's macrotasks. */
  readonly scheduler?: Scheduler | undefined;
  readonly host?: Host | undefined;
  readonly net?: NetBackend | undefined;
  readonly fs?: FsBackend | undefined;
  readonly signals?: SignalsBackend | undefined;

  /**
   * A number from 0 to less than 1, for pauses and the like, never for secrets. Absent: `Math.random()`. The simulation
   * draws it from its seed.
   */
  random?(): number;

  /**
   * A root begins. A real host takes one referenced handle, so that the process lives as long as the root (F5).
   * @returns what to call when the root has ended
   */
  attach?(root: RootView): () => void;
}

/** The names of what a backend may lack. */
export type Capability = "host" | "net" | "fs" | "signals";
