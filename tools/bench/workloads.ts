import { netWorkloads } from "./net-workloads.ts";

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
  /** The systems of Python that it is written for; by default all. */
  readonly python?: readonly string[];
  /** What is in the environment of the programs for Python. */
  readonly env?: () => Readonly<Record<string, string>>;
  /** A name for some of them together. */
  readonly group?: string;
  /** What it measures is the host's: Deno measures it too, in a process of its own. */
  readonly onDeno?: boolean;
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
  { name: "lock", items: "acquisitions by one task", sizes: [1e4] },
  { name: "lock-contended", items: "acquisitions by a hundred tasks", sizes: [1e4] },
  { name: "semaphore", items: "acquisitions by one task of one of ten permits", sizes: [1e4] },
  { name: "semaphore-contended", items: "acquisitions of ten permits by a hundred tasks", sizes: [1e4] },
  {
    name: "memory-stream-0",
    items: "items from task to task, handed over",
    sizes: [1e4],
    // asyncio's Queue of 0 is unbounded.
    python: ["anyio-asyncio", "anyio-trio", "trio"],
  },
  { name: "memory-stream-64", items: "items from task to task through a buffer of 64", sizes: [1e4] },
  { name: "memory-stream-unbounded", items: "items from task to task, never waiting for room", sizes: [1e4] },
  { name: "memory-stream-64-pairs", items: "items through eight buffers of 64 at once", sizes: [1e4] },
  { name: "event-fan-out", items: "tasks that wait for one event, which is set", sizes: [1e3, 1e4] },
  {
    name: "read-lines",
    items: "lines of 80 bytes in chunks of 64 KiB",
    sizes: [1e4],
    // trio buffers no bytes.
    python: ["anyio-asyncio", "anyio-trio", "asyncio"],
  },
  {
    name: "bytes-blocked-task",
    items: "blocked tasks",
    sizes: [1e5],
    programs: "cancel-blocked",
    measure: "bytes",
  },
  ...netWorkloads,
];

/** Those named, themselves or by their group, in the order of the list; all, if none is. */
export function chooseWorkloads(names: readonly string[]): readonly Workload[] {
  const isNamed = ({ name, group }: Workload, by: string): boolean => name === by || group === by;
  const unknown = names.filter((name) => !workloads.some((one) => isNamed(one, name)));
  if (unknown.length > 0) {
    const groups = workloads.flatMap(({ group }) => group ?? []);
    const known = [...workloads.map(({ name }) => name), ...new Set(groups)].join(", ");
    throw new RangeError(`Cannot run the benchmarks: there are ${known}, received ${unknown.join(", ")}`);
  }
  return names.length === 0 ? workloads : workloads.filter((one) => names.some((name) => isNamed(one, name)));
}
