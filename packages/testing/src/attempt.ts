import type { Backend, RootView, Scheduler, WakeUp } from "@arborio/core/backend";
import { CancelScope, type CancelScopeOptions } from "@arborio/cancellation";
import { inRoot } from "./in-root.ts";

/** What the program is given. */
export interface EveryPoint {
  /** Notes something that must be released, as a lock, a file, a clean-up that must run; call the result when it is. */
  readonly track: (name: string) => () => void;
}

/** A program that is run again and again. */
export type Program = (point: EveryPoint) => unknown;

// A program that catches every Cancelled and goes on never ends: this many wake-ups after the cancellation it has had its chance.
const MOST_STEPS = 100_000;

/** One run of a program, which is cut at a moment of its own if the run comes to that. */
export abstract class Attempt {
  /** Whether it was cut. */
  cut = false;
  /** What the program runs in. */
  protected readonly scope: CancelScope;
  /** Whether the program runs now. */
  protected running = false;
  readonly #tracked: string[] = [];
  #stepsAfter = 0;
  #root: RootView | undefined;

  constructor(limits: CancelScopeOptions = {}) {
    this.scope = new CancelScope(limits);
  }

  run(fn: Program, backend: () => Backend): Promise<void> {
    const body = async (): Promise<void> => {
      await this.scope.run(() => {
        this.running = true;
        this.begun();
        return fn({ track: (name) => this.#track(name) });
      });
      this.running = false;
      this.ended();
    };
    return inRoot(body, { backend: () => this.#watched(backend()) })();
  }

  /** The program is about to be called, in its scope. */
  protected abstract begun(): void;

  /** A wake-up is about to be delivered. */
  protected step(): void {
    if (this.cut && ++this.#stepsAfter === MOST_STEPS) this.#giveUp();
  }

  /** The program has ended: throws what is amiss. */
  protected ended(): void {
    if (this.#tracked.length > 0) throw new Error(`not released: ${this.#tracked.join(", ")}`);
  }

  protected watch(backend: Backend): Backend {
    return backend;
  }

  #track(name: string): () => void {
    this.#tracked.push(name);
    let released = false;
    return () => {
      if (!released) this.#tracked.splice(this.#tracked.indexOf(name), 1);
      released = true;
    };
  }

  #watched(backend: Backend): Backend {
    const { scheduler } = backend;
    return this.watch({
      ...backend,
      ...(scheduler?.ready && { scheduler: this.#stepwise(scheduler) }),
      attach: (root) => {
        this.#root = root;
        return backend.attach?.(root) ?? (() => {});
      },
    });
  }

  /** A scheduler that takes turns, and counts the wake-ups. */
  #stepwise(turns: Scheduler): Scheduler {
    return {
      hop: (wake) => turns.hop(wake),
      busy: () => turns.busy?.() ?? (() => {}),
      ready: (wakeUp: WakeUp) => {
        const deliver = (): void => {
          if (this.running) this.step();
          wakeUp.deliver();
        };
        turns.ready?.({ deliver });
      },
    };
  }

  #giveUp(): void {
    const error = new Error(`it has not stopped ${String(MOST_STEPS)} wake-ups later`);
    // Once cancels it, twice ends the run though it goes on.
    this.#root?.fail(error);
    this.#root?.fail(error);
  }
}

/**
 * Runs the program with the 0th attempt, the first, and so on, until one ends before it was to be cut; returns the number of
 * the last that was cut.
 *
 * @param describe what cannot be done where it fails, as `cancel the program at point 3`
 */
export async function attemptAll(
  fn: Program,
  backend: () => Backend,
  make: (moment: number) => Attempt,
  describe: (moment: number) => string,
): Promise<number> {
  for (let moment = 0; ; moment++) {
    const attempt = make(moment);
    try {
      await attempt.run(fn, backend);
    } catch (cause) {
      throw new Error(`Cannot ${describe(moment)}: ${String(cause)}`, { cause });
    }
    if (!attempt.cut) return moment - 1;
  }
}
