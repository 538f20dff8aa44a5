/** What is measured, and at which sizes. */
export interface Workload {
  readonly name: string;
  /** What the n are. */
  readonly items: string;
  readonly sizes: readonly number[];
  /** The workload whose programs are used; by default its own. */
  readonly programs?: string;
  /** By default the time an item takes. */
  readonly measure?: "bytes";
}

export const workloads: readonly Workload[] = [
  { name: "spawn-wait-join", items: "tasks, each waiting once on a shared event", sizes: [1e3, 1e4, 1e5] },
  { name: "nested-groups", items: "groups of ten tasks, each in a task of its own", sizes: [1e2, 1e3] },
  { name: "checkpoint", items: "checkpoints with no deadline above", sizes: [1e4] },
  { name: "checkpoint-deadline", items: "checkpoints under a deadline", sizes: [1e4] },
  { name: "scope-deadline", items: "timeouts, in and out", sizes: [1e3] },
  { name: "cancel-blocked", items: "blocked tasks, cancelled", sizes: [1e3, 1e4, 1e5] },
  { name: "depth", items: "nested timeouts", sizes: [1e2, 1e3] },
  { name: "depth-groups", items: "nested groups, each opened by a task of the one above", sizes: [1e2, 1e3] },
  { name: "sleeps", items: "tasks that sleep 1 to 10 ms at once", sizes: [1e5] },
  {
    name: "bytes-blocked-task",
    items: "blocked tasks",
    sizes: [1e5],
    programs: "cancel-blocked",
    measure: "bytes",
  },
];

/** Those named, in the order of the list; all, if none is. */
export function chooseWorkloads(names: readonly string[]): readonly Workload[] {
  const unknown = names.filter((name) => !workloads.some((one) => one.name === name));
  if (unknown.length > 0) {
    const known = workloads.map(({ name }) => name).join(", ");
    throw new RangeError(`Cannot run the benchmarks: there are ${known}, received ${unknown.join(", ")}`);
  }
  return names.length === 0 ? workloads : workloads.filter(({ name }) => names.includes(name));
}
