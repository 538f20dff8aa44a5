/** Random choices that a seed repeats. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 on, below `limit`. */
  below(limit: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.below(most - least + 1));
  }

  chance(probability: number): boolean {
    return this.below(1) < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.below(from.length))] as T;
  }

  /** A seed for another one. */
  seed(): number {
    return Math.floor(this.below(2 ** 32));
  }
}
