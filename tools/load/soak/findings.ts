import type { Measures } from "../programs/measures.ts";
import { heapFault } from "./heap.ts";
import type { Count, Found } from "./workers.ts";

/** What the soak found, at rest each time: at the start, at a quarter of the time, at the end. */
export interface Findings {
  readonly start: Measures;
  readonly quarter: Measures;
  readonly end: Measures;
  readonly counts: Readonly<Record<string, Count>>;
  readonly faults: Readonly<Record<string, Found>>;
}

/** All that is wrong with what was found. */
export function faultsOf({ start, quarter, end, faults }: Findings): string[] {
  const heap = heapFault(quarter.memory, end.memory);
  return [
    ...Object.entries(faults).map(
      ([kind, { first, times }]) => `${kind}: ${String(times)} times, the first: ${first}`,
    ),
    ...leftovers(start, end),
    ...(heap === undefined ? [] : [heap]),
  ];
}

function leftovers(start: Measures, end: Measures): string[] {
  return (["descriptors", "tasks", "timers"] as const)
    .filter((kind) => (end[kind] ?? 0) > (start[kind] ?? 0))
    .map((kind) => `${String(end[kind])} ${kind} are open, and ${String(start[kind])} were`);
}
