import { isForHere, loadProgram, peersOf, timed, weighed } from "./javascript.ts";
import { pythonContender } from "./python.ts";
import type { Results } from "./rows.ts";
import { inTurn, runsOfSlice, type Contender } from "./slices.ts";
import type { Workload } from "./workloads.ts";

export interface MeasureOptions {
  readonly slices: number;
  /** Those that can be run here. */
  readonly python: readonly string[];
  /** Says once what is not run, and why. */
  readonly say: (line: string) => void;
}

/** Measures all contenders of a workload at one size, in turn. */
export async function measure(workload: Workload, n: number, options: MeasureOptions): Promise<Results> {
  const weighing = workload.measure === "bytes";
  const contenders = await javascript(workload, n, options.say);
  if (!weighing) contenders.push(...python(workload, n, options.python));
  const failed = (name: string, error: unknown): void => {
    if (name === "ours") throw error;
    options.say(`${name}: ${workload.name} failed at ${n}: ${String(error)}`);
  };
  try {
    const calibrate = weighing ? once : runsOfSlice;
    return { n, measured: await inTurn(contenders, options.slices, calibrate, failed) };
  } finally {
    for (const one of contenders) one.close?.();
  }
}

function python({ name, python, env }: Workload, n: number, systems: readonly string[]): Contender[] {
  const written = systems.filter((system) => python?.includes(system) ?? true);
  return written.map((system) => pythonContender(system, name, n, env?.()));
}

async function once(one: Contender): Promise<number> {
  await one.slice(1);
  return 1;
}

async function javascript(workload: Workload, n: number, say: (line: string) => void): Promise<Contender[]> {
  const contenders: Contender[] = [];
  const folder = workload.programs ?? workload.name;
  const contender = workload.measure === "bytes" ? weighed : timed;
  for (const peer of peersOf(folder)) {
    const program = await loadProgram(folder, peer);
    if (typeof program === "string") say(`${peer}: not run, package '${program}' is not installed`);
    else if (!isForHere(program)) continue;
    else if (n <= (program.limit ?? Infinity)) contenders.push(contender(peer, program, n));
    else say(`${peer}: ${workload.name} not run above ${program.limit}, where it takes too long`);
  }
  return contenders;
}
