import type { Measured } from "./slices.ts";
import type { Workload } from "./workloads.ts";

export type Unit = "ns" | "bytes" | "times";

/** Ours beside one peer. */
export interface Row {
  readonly workload: string;
  readonly n: number;
  readonly unit: Unit;
  /** An item's. */
  readonly ours: number;
  readonly peer: string;
  readonly peerValue: number;
  /** The peer's ÷ ours: above 1, ours is better. */
  readonly ratio: number;
  readonly noise: number;
}

/** What was measured at one size. */
export interface Results {
  readonly n: number;
  readonly measured: readonly Measured[];
}

/** A row for each peer. */
export function rowsOf(workload: Workload, { n, measured }: Results): Row[] {
  const ours = measured.find(({ name }) => name === "ours");
  const unit = workload.measure ?? "ns";
  if (ours === undefined) return [];
  return measured
    .filter((one) => one !== ours)
    .map(({ name, value, noise }) =>
      row(workload.name, n, unit, ours.value / n, name, value / n, Math.max(noise, ours.noise)),
    );
}

/** How the time of an item grows from the smallest size to the largest, for each peer that was measured at both. */
export function growthRows(workload: Workload, results: readonly Results[]): Row[] {
  const [first, last] = [results[0], results.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const ours = growthOf("ours", first, last);
  if (ours === undefined) return [];
  return last.measured.flatMap(({ name, noise }) => {
    const peer = name === "ours" ? undefined : growthOf(name, first, last);
    if (peer === undefined) return [];
    return [row(`${workload.name}-growth`, last.n, "times", ours, name, peer, noise)];
  });
}

function growthOf(name: string, first: Results, last: Results): number | undefined {
  const [small, large] = [first, last].map(({ n, measured }) => {
    const value = measured.find((one) => one.name === name)?.value;
    return value === undefined ? undefined : value / n;
  });
  return small === undefined || large === undefined ? undefined : large / small;
}

function row(
  workload: string,
  n: number,
  unit: Unit,
  ours: number,
  peer: string,
  peerValue: number,
  noise: number,
): Row {
  return { workload, n, unit, ours, peer, peerValue, ratio: peerValue / ours, noise };
}
