import { certificates } from "./programs/sockets/certificates.ts";
import type { Workload } from "./workloads.ts";

const shapes: readonly Workload[] = [
  { name: "round-trip", items: "messages of 64 bytes, to and fro on one connection", sizes: [1e3] },
  { name: "throughput", items: "chunks of 64 KiB on one connection", sizes: [1e3] },
  {
    name: "connections",
    items: "connections, 32 at once, with a message of 64 bytes each way",
    sizes: [1e3],
  },
];

const net = { group: "net", onDeno: true };

/** Sockets on the loopback interface: both ends are in one process. */
export const netWorkloads: readonly Workload[] = [
  ...shapes.map((shape) => ({ ...shape, ...net, name: `tcp-${shape.name}` })),
  ...shapes.map((shape) => ({ ...shape, ...net, name: `tls-${shape.name}`, env: pemFiles })),
];

function pemFiles(): Readonly<Record<string, string>> {
  const { certificate, key, authority } = certificates();
  return { BENCH_CERTIFICATE: certificate, BENCH_KEY: key, BENCH_AUTHORITY: authority };
}
