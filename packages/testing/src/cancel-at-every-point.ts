import { Attempt, attemptAll, type EveryPoint } from "./attempt.ts";
import { simulation, type SimulationOptions } from "./simulation.ts";

/**
 * Looks for a moment at which a program cannot be cancelled. Runs it again and again, each time in a fresh simulation: first
 * cancelled from the start, then before its first wake-up is delivered, before the second, and so on, until a run ends before
 * it was to be cancelled. So the cancellation comes between any two steps of any of its tasks. Gives the number of wake-ups.
 *
 * **Throws** at the first run that fails, with its moment, and as `cause` what was wrong: the program hangs (DeadlockError)
 * or does not stop; it throws what is no cancellation; it leaves behind tasks, waits, scopes, timers, or rejections nobody
 * handled; something it tracked was not released.
 */
export function cancelAtEveryPoint(
  fn: (point: EveryPoint) => unknown,
  options: SimulationOptions = {},
): Promise<number> {
  const { seed } = options;
  const named = (point: number): string =>
    `${String(point)}${seed === undefined ? "" : ` (seed ${String(seed)})`}`;
  return attemptAll(
    fn,
    () => simulation(options),
    (point) => new PointAttempt(point, named(point)),
    (point) => `cancel the program at point ${named(point)}`,
  );
}

/** One run, cancelled before its `point`-th wake-up, if it has so many; at 0, from the start. */
class PointAttempt extends Attempt {
  readonly #point: number;
  readonly #name: string;
  #delivered = 0;

  constructor(point: number, name: string) {
    super();
    this.#point = point;
    this.#name = name;
  }

  protected override begun(): void {
    if (this.#point === 0) this.#cancel();
  }

  protected override step(): void {
    if (++this.#delivered === this.#point) this.#cancel();
    super.step();
  }

  #cancel(): void {
    this.cut = true;
    this.scope.cancel(`at point ${this.#name}`);
  }
}
