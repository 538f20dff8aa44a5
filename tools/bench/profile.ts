// Where the time of ours goes: `node tools/bench/profile.ts <workload> <n> [seconds] [peer]`, after `pnpm build`.
// What prepares a run is left out. With `--cpu-prof` Node writes the whole profile to a file besides.
import { Session, type Profiler } from "node:inspector/promises";
import { checkResult, loadProgram } from "./javascript.ts";
import type { Program } from "./program.ts";
import { chooseWorkloads } from "./workloads.ts";

const SHOWN = 30;
const INTERVAL = 200; // µs

const [name = "", size = "1000", seconds = "5", peer = "ours"] = process.argv.slice(2);
const [workload] = chooseWorkloads([name]);
const loaded = await loadProgram(workload?.programs ?? name, peer);
if (typeof loaded === "string") throw new Error(`Cannot profile ${peer}: '${loaded}' is not installed`);

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: INTERVAL });
await profiled(loaded, Number(size), 1_000);
const { runs, samples } = await profiled(loaded, Number(size), Number(seconds) * 1_000);
const all = [...samples.values()].reduce((sum, count) => sum + count, 0);
console.log(`${peer}, ${name} at ${size}: ${runs} runs\n\n  self  function`);
for (const [place, count] of [...samples].sort(([, a], [, b]) => b - a).slice(0, SHOWN)) {
  console.log(`${((100 * count) / all).toFixed(1).padStart(5)}%  ${place}`);
}

/** Makes runs for `ms`, and counts the samples in which each function was the innermost. */
async function profiled(
  program: Program,
  n: number,
  ms: number,
): Promise<{ runs: number; samples: Map<string, number> }> {
  const samples = new Map<string, number>();
  const end = performance.now() + ms;
  let runs = 0;
  while (performance.now() < end) {
    await program.prepare?.(n);
    await session.post("Profiler.start");
    // Starting takes as long as a short run.
    const stop = program.prepare === undefined ? end : 0;
    do {
      checkResult(peer, await program.run(n), n);
      runs++;
    } while (performance.now() < stop);
    count((await session.post("Profiler.stop")).profile, samples);
  }
  return { runs, samples };
}

function count({ nodes, samples = [] }: Profiler.Profile, into: Map<string, number>): void {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  for (const id of samples) {
    const place = places.get(id) ?? "?";
    into.set(place, (into.get(place) ?? 0) + 1);
  }
}

function placeOf({ functionName, url, lineNumber }: Profiler.Profile["nodes"][number]["callFrame"]): string {
  const file = url.split("/").slice(-4).join("/");
  return `${functionName || "(anonymous)"}${file === "" ? "" : `  ${file}:${lineNumber + 1}`}`;
}
