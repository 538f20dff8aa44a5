import type { RuntimeName } from "@arborio-internal/runtimes";
import { start } from "../../running.ts";
import { faultsOf, type Findings } from "./findings.ts";
import { mib } from "./heap.ts";
import { table } from "./table.ts";

/** Ms that the soak may take, besides the seconds it was given: it ends itself when an operation hangs. */
const LIMIT = 120_000;

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** The runtime's own. */
  readonly flags: readonly string[];
}

/** Runs the soak on a runtime; gives the faults. */
export async function soak(runtime: RuntimeName, { seconds, seed, flags }: SoakOptions): Promise<string[]> {
  console.log(`soak on ${runtime}: repeat its choice of operations with --seed ${String(seed)}`);
  const program = start(runtime, "tools/load/soak/main.ts", [String(seconds), String(seed)], { flags });
  const timer = setTimeout(() => program.signal("SIGKILL"), LIMIT + seconds * 1000);
  const { code, stdout, stderr } = await program.ended;
  clearTimeout(timer);
  const lines = stdout.trim().split("\n");
  if (code !== 0) return [`it ended with ${String(code)}: ${stderr}`];
  const findings = JSON.parse(lines.pop() ?? "") as Findings;
  console.log(`${table(findings.counts)}\n  ${summary(findings)}`);
  return [...(stderr === "" ? [] : [stderr]), ...faultsOf(findings)];
}

function summary({ quarter, end }: Findings): string {
  const { descriptors, tasks, timers } = end;
  const counts = `${String(descriptors)} descriptors, ${String(tasks)} tasks, ${String(timers)} timers`;
  return `at the end ${counts}; heap ${mib(quarter.memory)} at a quarter of the time, ${mib(end.memory)} at the end`;
}
