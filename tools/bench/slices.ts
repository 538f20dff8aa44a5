/** Something measured in slices: a few runs in a row, timed as one. */
export interface Contender {
  readonly name: string;
  /** Makes `runs` runs; gives what one took, in ns, or whatever else is measured. */
  slice(runs: number): Promise<number>;
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

/** Measures the contenders in turn, so that what the machine does meanwhile befalls all of them. */
export async function inTurn(
  contenders: readonly Contender[],
  slices: number,
  calibrate: (one: Contender) => Promise<number>,
  onFailure: OnFailure,
): Promise<Measured[]> {
  const runs = new Map<Contender, number>();
  const values = new Map<Contender, number[]>();
  const attempt = async (one: Contender, step: () => Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      runs.delete(one);
      onFailure(one.name, error);
    }
  };
  for (const one of contenders) {
    await attempt(one, async () => void runs.set(one, await calibrate(one)));
    values.set(one, []);
  }
  for (let turn = 0; turn < slices; turn++) {
    for (const one of rotated([...runs.keys()], turn)) {
      await attempt(one, async () => {
        collectGarbage();
        values.get(one)?.push(await one.slice(runs.get(one) ?? 1));
      });
    }
  }
  return [...runs.keys()].map((one) => summary(one.name, values.get(one) ?? []));
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

/** Frees what the last slice left, so that the next does not pay for it; needs `--expose-gc`. */
export function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
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
