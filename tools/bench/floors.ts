/** What is wanted of a row: a ratio (peer ÷ ours) of at least this; or of ours, at most that. */
export type Floor = { readonly ratio: number } | { readonly atMost: number };

type Rule = readonly [workload: RegExp, peer: RegExp, floor: Floor | undefined];

const PYTHON = /^(anyio-asyncio|anyio-trio|trio|asyncio)$/;

const RAW = /^(node|deno)-(net|tls)$/;

// The first that matches holds.
const rules: readonly Rule[] = [
  [/^checkpoint$/, /^bare-await$/, { ratio: 1 / 2 }],
  [/^checkpoint-deadline$/, /^bare-await$/, { ratio: 1 / 3.5 }],
  [/^scope-deadline$/, /^native$/, { ratio: 1 }],
  [/^scope-deadline$/, /^(timeout-signal|effect)$/, { ratio: 1.2 }],
  // Of these and of spawn-wait-join, native and effect only: native-own-signals has one cancellation for each task instead of
  // one for all, effect-all has no handles. They are other programs; their rows stay, to be known.
  [/^cancel-blocked$/, /^native$/, { ratio: 5 }],
  [/^cancel-blocked$/, /^effect$/, { ratio: 2 }],
  [/^spawn-wait-join$/, /^native$/, { ratio: 1.3 }],
  [/^spawn-wait-join$/, /^effect$/, { ratio: 1 }],
  [/^spawn-wait-join-growth$/, /^effect$/, { ratio: 1 }],
  [/^lock$/, /^bare-await$/, { ratio: 1 / 3 }],
  [/^lock$/, /^async-mutex$/, { ratio: 7 }],
  [/^lock$/, /^async-sema$/, { ratio: 1 / 1.5 }],
  [/^(lock|semaphore)-contended$/, /^async-(mutex|sema)$/, { ratio: 4 }],
  [/^memory-stream-(0|64)$/, /^effect$/, { ratio: 3 }],
  [/^bytes-blocked-task$/, /^effect$/, { atMost: 1_400 }],
  [/-growth$/, /./, undefined],
  [/^depth/, PYTHON, { ratio: 1 }],
  [/^(tcp|tls)-round-trip$/, RAW, { ratio: 1 / 1.35 }],
  [/^(tcp|tls)-/, RAW, { ratio: 0.85 }],
  [/^(tcp|tls)-/, /^anyio-/, { ratio: 1 }],
  [/^(tcp|tls)-/, PYTHON, undefined],
  [/./, PYTHON, { ratio: 3 }],
];

/** None: the row is there to be known. */
export function floorOf(workload: string, peer: string): Floor | undefined {
  return rules.find(([workloads, peers]) => workloads.test(workload) && peers.test(peer))?.[2];
}

export function isMissed(floor: Floor, ours: number, ratio: number): boolean {
  return "ratio" in floor ? ratio < floor.ratio : ours > floor.atMost;
}
