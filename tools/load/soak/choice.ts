import { cuts, type CutKind } from "./cut.ts";
import { Random } from "./random.ts";

/** What a worker does next. */
export interface Choice<O> {
  readonly operation: O;
  readonly cut: CutKind;
  /** Of the random choices that the operation makes. */
  readonly seed: number;
}

/** How many operations of a hundred run without a cancel. */
const CALM = 25;

/**
 * What a worker does, one after another. The seed and the worker's number decide it, and not how an operation ends: each
 * operation has a seed of its own.
 */
export function* choices<O>(
  seed: number,
  worker: number,
  operations: readonly O[],
): Generator<Choice<O>, never> {
  const random = new Random(seed + worker * 0x9e3779b1);
  for (;;) {
    const operation = random.pick(operations);
    const cut = random.chance(CALM / 100) ? "none" : random.pick(cuts);
    yield { operation, cut, seed: random.seed() };
  }
}
