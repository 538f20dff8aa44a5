import { createTimerClock, type Backend, type Clock } from "@arborio/core/backend";
import { Attempt, attemptAll, type EveryPoint } from "./attempt.ts";
import type { InRootOptions } from "./in-root.ts";
import { LookedAtClock } from "./looked-at-clock.ts";
import { simulation } from "./simulation.ts";

// Ms. The deadline that the program has until then: the clock is looked at only where there is one.
const FAR = 2 ** 40;
// Ms; a power of two, which times can be added to exactly.
const A_HAIR = 2 ** -10;

/**
 * Finds faults of a program whose deadline passes while code runs, between two looks at the clock: the first look lets an
 * operation begin, and the second look, of the wait for that operation, finds the scope cancelled. Runs the program again and
 * again in a scope with a deadline. In the first run the deadline passes before the program looks at the clock, in the second
 * run between its first look and its second, and so on, until a run ends before that many looks. At that moment the backend's
 * clock is put forward by a hair, and the deadline is set to that time, so no other deadline passes. Returns the number of looks.
 *
 * In a simulation the clock stands still while code runs, so `cancelAtEveryPoint` cannot find such faults.
 *
 * **Throws** at the first run that fails, as `cancelAtEveryPoint` does: the message names the look, and `cause` is the fault. On
 * a real clock it does not notice a program that hangs or does not stop: the timeout of the test must end such a test.
 *
 * @param options `backend` makes the backend of each run; by default a fresh simulation
 */
export function deadlineAtEveryLook(
  fn: (point: EveryPoint) => unknown,
  { backend = simulation }: InRootOptions = {},
): Promise<number> {
  return attemptAll(
    fn,
    backend,
    (look) => new LookAttempt(look),
    (look) => `end the program by its deadline after look ${String(look)}`,
  );
}

/** One run, whose deadline passes after its `look`-th look at the clock, if it has so many; at 0, before the first. */
class LookAttempt extends Attempt {
  readonly #look: number;
  #looks = 0;
  #clock!: LookedAtClock;

  constructor(look: number) {
    super({ timeout: FAR });
    this.#look = look;
  }

  protected override begun(): void {
    // A look of its own, which does not count.
    if (this.#look === 0) this.#clock.now();
  }

  protected override watch(backend: Backend): Backend {
    const clock: Clock = backend.clock ?? createTimerClock();
    this.#clock = new LookedAtClock(clock, (time) => this.#looked(time));
    return { ...backend, clock: this.#clock };
  }

  protected override ended(): void {
    if (!this.cut && this.scope.cancelCalled) throw new Error("nothing woke it before its deadline");
    super.ended();
  }

  #looked(time: number): void {
    if (!this.running || this.cut) return;
    if (this.#look > 0 && ++this.#looks < this.#look) return;
    this.cut = true;
    this.scope.deadline = time + A_HAIR;
    this.#clock.forward(2 * A_HAIR);
  }
}
