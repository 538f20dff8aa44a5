import { parseArgs } from "node:util";
import { chooseWorkloads, type Workload } from "./workloads.ts";

export interface Options {
  readonly workloads: readonly Workload[];
  readonly json: boolean;
  readonly python: boolean;
  readonly slices: number;
}

/** `[name…] [--json] [--slices N] [--no-python]` */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      json: { type: "boolean", default: false },
      python: { type: "boolean", default: true },
      slices: { type: "string", default: "15" },
    },
  });
  const slices = Number(values.slices);
  if (!Number.isInteger(slices) || slices < 1) {
    throw new RangeError(
      `Cannot measure: --slices must be a whole number above 0, received ${values.slices}`,
    );
  }
  return { workloads: chooseWorkloads(positionals), json: values.json, python: values.python, slices };
}
