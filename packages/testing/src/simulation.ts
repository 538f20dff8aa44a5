import { DeadlockError, formatTaskTree, run, type RootHandle, type TaskInfo } from "@arborio/core";
import type { Backend, RootView } from "@arborio/core/backend";
import { infoOf } from "@arborio/core/lowlevel";
import { random, shuffle } from "./random.ts";
import { Turns } from "./turns.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How a simulation goes. */
export interface SimulationOptions {
  /** Takes each turn's wake-ups in an order drawn from this whole number; the same seed gives the same run. None: first come, first served. */
  readonly seed?: number | undefined;
  /** Whose network, files and host to use, for real: while one of its operations is under way, time stands still. */
  readonly backend?: Backend | undefined;
  /**
   * How many real ms to wait for what the simulation does not govern (a backend's operation, a foreign promise) when nothing else can go
   * on; then time moves, or a deadlock is reported. By default 1,000.
   */
  readonly patience?: number | undefined;
}

/**
 * A backend whose time is virtual: it moves only when every task waits, and then straight to the next deadline. Wake-ups are
 * delivered in turns (F2). When nothing can wake any task, the run ends with a DeadlockError that holds the task tree.
 *
 * @throws RangeError if the seed is no whole number
 */
export function simulation(options: SimulationOptions = {}): Backend {
  const { seed } = options;
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot simulate: seed must be a whole number, received ${String(seed)}`);
  }
  const machine = new Simulation(options);
  return {
    ...options.backend,
    name: "simulation",
    clock: machine.clock,
    scheduler: machine.turns,
    // Of its own: what a program draws does not change the order of its turns.
    random: random(seed ?? 0),
    attach: (root) => machine.attach(root),
  };
}

/** Runs a program in a {@link simulation}. */
export function simulate<T>(
  fn: (root: RootHandle) => T | PromiseLike<T>,
  options: SimulationOptions = {},
): Promise<T> {
  return run(fn, { backend: simulation(options), name: fn.name === "" ? "main" : fn.name });
}

class Simulation {
  readonly clock: VirtualClock = new VirtualClock(() => this.turns.goOn());
  readonly turns: Turns;
  private readonly roots = new Set<RootView>();
  private readonly patience: number;
  private readonly seed: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;
  private impatient = false;
  /** The wake-ups delivered up to the last standstill. */
  private delivered = 0;

  constructor({ seed, patience = 1_000 }: SimulationOptions) {
    const next = seed === undefined ? undefined : random(seed);
    this.seed = seed;
    this.patience = patience;
    this.turns = new Turns({
      order: next && ((turn) => shuffle(turn, next)),
      quiescent: () => this.quiescent(),
    });
  }

  attach(root: RootView): () => void {
    this.roots.add(root);
    return () => {
      this.roots.delete(root);
      if (this.roots.size === 0) this.calm();
    };
  }

  /** Nothing is left to deliver: time moves, unless something real may still wake a task. */
  private quiescent(): void {
    if (this.roots.size === 0) return;
    // Patience is for one standstill: it begins anew if anything moved.
    if (this.delivered !== this.turns.delivered) this.calm();
    this.delivered = this.turns.delivered;
    if (this.turns.pending > 0 && !this.impatient) return this.beImpatientLater();
    const moved = this.clock.jump();
    if (moved) {
      this.calm();
      return this.turns.goOn();
    }
    if (this.turns.pending > 0) return;
    if (this.waitsForeign() && !this.impatient) return this.beImpatientLater();
    this.calm();
    for (const root of [...this.roots]) root.fail(this.deadlock(root));
    this.turns.goOn();
  }

  /** Whether a task waits for a promise that is not the library's. */
  private waitsForeign(): boolean {
    const tasks: TaskInfo[] = [...this.roots].map(infoOf);
    for (const task of tasks) {
      if (task.waitingFor.length === 0) return true;
      tasks.push(...task.children);
    }
    return false;
  }

  private beImpatientLater(): void {
    this.timer ??= setTimeout(() => {
      this.impatient = true;
      this.turns.goOn();
    }, this.patience);
  }

  private calm(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.impatient = false;
  }

  private deadlock(root: RootView): DeadlockError {
    const seed = this.seed === undefined ? "" : ` (seed ${String(this.seed)})`;
    return new DeadlockError(
      `Cannot go on: every task waits, and nothing can wake any of them${seed}\n${formatTaskTree(infoOf(root))}`,
    );
  }
}
