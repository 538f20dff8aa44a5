// Ours beside others: `pnpm bench [workload…] [--json] [--slices N] [--no-python]`. See docs/benchmarks.md.
import { faultsOf } from "../command.ts";
import { peersOf } from "./javascript.ts";
import { measure } from "./measure.ts";
import { measureOnDeno } from "./on-deno.ts";
import { parseOptions } from "./options.ts";
import { pythonSystems, pythonVersions } from "./python.ts";
import { jsonReport, tableReport } from "./report.ts";
import { growthRows, rowsOf, type Results } from "./rows.ts";
import { packageVersions, runtimeName } from "./versions.ts";

const options = parseOptions(process.argv.slice(2));
const said = new Set<string>();

const peers = ["effect", "effection", "async-mutex", "async-sema", "p-limit", "p-queue"];

// What is built is measured: sources run through a loader's getters are slower.
const built = await faultsOf("tsc", ["-b", "packages/arborio"]);
if (built.length > 0) throw new Error(`Cannot measure: the build fails\n${built.join("\n")}`);

const python = options.python ? pythonSystems(say) : [];
const versions = [...packageVersions(peers), ...(python.length > 0 ? pythonVersions() : [])];
if (!options.json) console.log(`beside ${versions.join(", ")}\n`);
const report = (options.json ? jsonReport : tableReport)(runtimeName(), console.log);
for (const workload of options.workloads) {
  if (!peersOf(workload.programs ?? workload.name).includes("ours")) {
    say(`${workload.name}: not run, there is no program of ours yet`);
    continue;
  }
  const results: Results[] = [];
  for (const n of workload.sizes) {
    const result = await measure(workload, n, { slices: options.slices, python, say });
    results.push(result);
    for (const row of rowsOf(workload, result)) report.row(row);
  }
  for (const row of growthRows(workload, results)) report.row(row);
}
report.end();
await measureOnDeno(options, say);

/** On the other stream: the rows may go to a program. Once each. */
function say(line: string): void {
  if (!said.has(line)) console.error(line);
  said.add(line);
}
