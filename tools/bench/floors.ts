/** What is wanted of a row: a ratio (peer ÷ ours) of at least this; or of ours, at most that. */
export type Floor = { readonly ratio: number } | { readonly atMost: number };

type Rule = readonly [workload: RegExp, peer: RegExp, floor: Floor | undefined];

const PYTHON = /^(anyio-asyncio|anyio-trio|trio|asyncio)$/;

// The first that matches holds.
const rules: readonly Rule[] = [
  [/^checkpoint$/, /^bare-await$/, { ratio: 1 / 2 }],
  [/^checkpoint-deadline$/, /^bare-await$/, { ratio: 1 / 3.5 }],
  [/^scope-deadline$/, /^native$/, { ratio: 1 }],
  [/^scope-deadline$/, /^(timeout-signal|effect)$/, { ratio: 1.2 }],
  [/^cancel-blocked$/, /^native/, { ratio: 5 }],
  [/^cancel-blocked$/, /^effect$/, { ratio: 2 }],
  [/^spawn-wait-join$/, /^native/, { ratio: 1.3 }],
  [/^spawn-wait-join$/, /^effect(-all)?$/, { ratio: 1 }],
  [/^spawn-wait-join-growth$/, /^effect(-all)?$/, { ratio: 1 }],
  [/^bytes-blocked-task$/, /^effect$/, { atMost: 1_400 }],
  [/-growth$/, /./, undefined],
  [/^depth/, PYTHON, { ratio: 1 }],
  [/./, PYTHON, { ratio: 3 }],
];

/** None: the row is there to be known. */
export function floorOf(workload: string, peer: string): Floor | undefined {
  return rules.find(([workloads, peers]) => workloads.test(workload) && peers.test(peer))?.[2];
}

export function isMissed(floor: Floor, ours: number, ratio: number): boolean {
  return "ratio" in floor ? ratio < floor.ratio : ours > floor.atMost;
}
