import { random } from "../../../packages/testing/src/random.ts";

/** Random choices that a seed repeats. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  /** A number from 0 on, below `limit`. */
  below(limit: number): number {
    return this.#next() * limit;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.below(most - least + 1));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.below(from.length))] as T;
  }

  /** A seed for another one. */
  seed(): number {
    return Math.floor(this.below(2 ** 32));
  }
}
