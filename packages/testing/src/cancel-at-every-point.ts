import type { Backend, RootView, Scheduler, WakeUp } from "@arborio/core/backend";
import { CancelScope } from "@arborio/cancellation";
import { inRoot } from "./in-root.ts";
import { simulation, type SimulationOptions } from "./simulation.ts";

/** What the program is given. */
export interface EveryPoint {
  /** Notes something that must be released, as a lock, a file, a clean-up that must run; call the result when it is. */
  readonly track: (name: string) => () => void;
}

// A program that catches every Cancelled and goes on never ends: this many wake-ups after the cancellation it has had its chance.
const MOST_STEPS = 100_000;

/**
 * Looks for a moment at which a program cannot be cancelled. Runs it again and again, each time in a fresh simulation: first
 * cancelled from the start, then before its first wake-up is delivered, before the second, and so on, until a run ends before
 * it was to be cancelled. So the cancellation comes between any two steps of any of its tasks. Gives the number of wake-ups.
 *
 * **Throws** at the first run that fails, with its moment, and as `cause` what was wrong: the program hangs (DeadlockError)
 * or does not stop; it throws what is no cancellation; it leaves behind tasks, waits, scopes, timers, or rejections nobody
 * handled; something it tracked was not released.
 */
export async function cancelAtEveryPoint(
  fn: (point: EveryPoint) => unknown,
  options: SimulationOptions = {},
): Promise<number> {
  for (let point = 0; ; point++) {
    const attempt = new Attempt(point, options);
    try {
      await attempt.run(fn);
    } catch (cause) {
      throw new Error(`Cannot cancel the program at point ${attempt.name}: ${String(cause)}`, { cause });
    }
    if (!attempt.cancelled) return point - 1;
  }
}

/** One run, cancelled before its `point`-th wake-up, if it has so many; at 0, from the start. */
class Attempt {
  cancelled = false;
  readonly name: string;
  readonly #point: number;
  readonly #options: SimulationOptions;
  readonly #scope = new CancelScope();
  readonly #tracked: string[] = [];
  #delivered = 0;
  #running = false;
  #root: RootView | undefined;

  constructor(point: number, options: SimulationOptions) {
    const { seed } = options;
    this.name = `${String(point)}${seed === undefined ? "" : ` (seed ${String(seed)})`}`;
    this.#point = point;
    this.#options = options;
  }

  run(fn: (point: EveryPoint) => unknown): Promise<void> {
    const body = async (): Promise<void> => {
      this.#running = true;
      if (this.#point === 0) this.#cancel();
      await this.#scope.run(() => fn({ track: (name) => this.#track(name) }));
      this.#running = false;
      if (this.#tracked.length > 0) throw new Error(`not released: ${this.#tracked.join(", ")}`);
    };
    return inRoot(body, { backend: () => this.#backend() })();
  }

  #track(name: string): () => void {
    this.#tracked.push(name);
    let released = false;
    return () => {
      if (!released) this.#tracked.splice(this.#tracked.indexOf(name), 1);
      released = true;
    };
  }

  /** A simulation that counts the wake-ups. */
  #backend(): Backend {
    const simulated = simulation(this.#options);
    const turns = simulated.scheduler as Scheduler;
    const counting: Scheduler = {
      hop: (wake) => turns.hop(wake),
      busy: () => turns.busy?.() ?? (() => {}),
      ready: (wakeUp: WakeUp) => {
        const deliver = (): void => {
          this.#step();
          wakeUp.deliver();
        };
        turns.ready?.({ deliver });
      },
    };
    return {
      ...simulated,
      scheduler: counting,
      attach: (root) => {
        this.#root = root;
        return simulated.attach?.(root) ?? (() => {});
      },
    };
  }

  #step(): void {
    if (!this.#running) return;
    this.#delivered++;
    if (this.#delivered === this.#point) this.#cancel();
    if (this.#delivered === this.#point + MOST_STEPS) this.#giveUp();
  }

  #cancel(): void {
    this.cancelled = true;
    this.#scope.cancel(`at point ${this.name}`);
  }

  #giveUp(): void {
    const error = new Error(`it has not stopped ${String(MOST_STEPS)} wake-ups later`);
    // Once cancels it, twice ends the run though it goes on.
    this.#root?.fail(error);
    this.#root?.fail(error);
  }
}
