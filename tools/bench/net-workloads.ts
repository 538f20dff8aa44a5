import type { Workload } from "./workloads.ts";

const shapes: readonly Workload[] = [
  { name: "round-trip", items: "messages of 64 bytes, to and fro on one connection", sizes: [1e3] },
  { name: "throughput", items: "chunks of 64 KiB on one connection", sizes: [1e3] },
  { name: "connections", items: "connections, 32 at once, with a message of 64 bytes each way", sizes: [1e3] },
];

/** Sockets on the loopback interface: both ends are in one process. */
export const netWorkloads: readonly Workload[] = ["tcp", "tls"].flatMap((kind) =>
  shapes.map((shape) => ({ ...shape, name: `${kind}-${shape.name}`, group: "net", onDeno: true })),
);
