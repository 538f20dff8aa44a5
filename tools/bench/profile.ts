// Where the time of ours goes: `node tools/bench/profile.ts <workload> <n> [seconds] [peer]`, after `pnpm build`.
// With `--cpu-prof` before it, Node writes the whole profile to a file besides.
import { Session, type Profiler } from "node:inspector/promises";
import { checkResult, loadProgram } from "./javascript.ts";
import { chooseWorkloads } from "./workloads.ts";

const SHOWN = 30;

const [name = "", size = "1000", seconds = "5", peer = "ours"] = process.argv.slice(2);
const [workload] = chooseWorkloads([name]);
const folder = workload?.programs ?? name;
const program = await loadProgram(folder, peer);
if (typeof program === "string") throw new Error(`Cannot profile ${peer}: '${program}' is not installed`);

const n = Number(size);
await runFor(1_000);
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: 200 });
await session.post("Profiler.start");
const runs = await runFor(Number(seconds) * 1_000);
const { profile } = await session.post("Profiler.stop");
console.log(`${peer}, ${name} at ${n}: ${runs} runs\n\n  self  function`);
for (const [where, share] of selfShares(profile).slice(0, SHOWN)) {
  console.log(`${(share * 100).toFixed(1).padStart(5)}%  ${where}`);
}

async function runFor(ms: number): Promise<number> {
  if (typeof program === "string") return 0;
  const end = performance.now() + ms;
  for (let runs = 1; ; runs++) {
    await program.prepare?.(n);
    checkResult(peer, await program.run(n), n);
    if (performance.now() >= end) return runs;
  }
}

/** Functions by the share of samples that were in the function itself, the largest first. */
function selfShares({ nodes, samples = [] }: Profiler.Profile): [where: string, share: number][] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const counts = new Map<string, number>();
  for (const id of samples) {
    const place = places.get(id) ?? "?";
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts]
    .map(([place, count]): [string, number] => [place, count / samples.length])
    .sort(([, a], [, b]) => b - a);
}

function placeOf({ functionName, url, lineNumber }: Profiler.Profile["nodes"][number]["callFrame"]): string {
  const file = url.split("/").slice(-4).join("/");
  return `${functionName || "(anonymous)"}${file === "" ? "" : `  ${file}:${lineNumber + 1}`}`;
}
