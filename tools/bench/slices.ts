/** Something measured in slices: a few runs in a row, timed as one. */
export interface Contender {
  readonly name: string;
  /** Makes `runs` runs; gives what one took, in ns, or whatever else is measured. */
  slice(runs: number): Promise<number>;
  /** It takes every so many-th turn; by default each. */
  readonly every?: number;
  close?(): void;
}

/** The median of a contender's slices. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  /** The range of the middle half of its slices, as a share of the median. */
  readonly noise: number;
}

// Shorter slices measure the clock; a shorter warm-up measures the compiler.
const SLICE = 20e6;
const WARM_UP = 300e6;

/** Calls `fn` with what failed instead of giving up: a peer that fails is no reason to stop. */
export type OnFailure = (name: string, error: unknown) => void;

interface Series {
  readonly contender: Contender;
  runs: number;
  readonly values: number[];
}

/** Measures the contenders in turn, so that what the machine does meanwhile befalls all of them. */
export async function inTurn(
  contenders: readonly Contender[],
  slices: number,
  calibrate: (one: Contender) => Promise<number>,
  onFailure: OnFailure,
): Promise<Measured[]> {
  let left = contenders.map((contender): Series => ({ contender, runs: 1, values: [] }));
  const forEach = async (some: readonly Series[], step: (one: Series) => Promise<void>): Promise<void> => {
    for (const one of some) {
      await step(one).catch((error: unknown) => {
        left = left.filter((other) => other !== one);
        onFailure(one.contender.name, error);
      });
    }
  };
  await forEach(left, async (one) => void (one.runs = await calibrate(one.contender)));
  for (let turn = 0; turn < slices; turn++) {
    const due = left.filter(({ contender: { every = 1 } }) => turn % every === 0);
    await forEach(rotated(due, turn), async ({ contender, runs, values }) => {
      collectYoung();
      values.push(await contender.slice(runs));
    });
  }
  return left.map(({ contender, values }) => summary(contender.name, values));
}

/** Warms up, and finds how many runs make a slice. */
export async function runsOfSlice(one: Contender): Promise<number> {
  let runs = 1;
  let spent = 0;
  for (;;) {
    const took = (await one.slice(runs)) * runs;
    spent += took;
    if (took >= SLICE && spent >= WARM_UP) return runs;
    // A warm contender is faster than a cold one: the last look counts.
    runs = Math.max(1, Math.ceil((SLICE * 1.25 * runs) / took));
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Frees what the last slice left in the young generation, so that the next does not pay for it; needs `--expose-gc`.
 * Not a full collection: that shrinks the young generation, and whatever allocates then takes two to four times as long
 * as in a process that is under way.
 */
export function collectYoung(): void {
  (globalThis as { gc?: (options: { type: "minor" }) => void }).gc?.({ type: "minor" });
}

function summary(name: string, values: readonly number[]): Measured {
  const value = median(values);
  return { name, value, noise: (quantile(values, 0.75) - quantile(values, 0.25)) / value };
}

/** Linear between the two nearest. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
