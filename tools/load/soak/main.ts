// All operations of streams, network, sync and groups at random, from many workers, under cancels at random moments:
// `main.ts SECONDS SEED [PART OF A NAME]`. Its last line is JSON, what it found.
import { setInterval } from "node:timers";
import { currentTime, formatTaskTree, host, main, rootTask, sleep, temporaryDirectory } from "arborio";
import { measure, type Measures } from "../programs/measures.ts";
import type { Operation } from "./act.ts";
import { choices } from "./choice.ts";
import type { Findings } from "./findings.ts";
import { everyOperation } from "./operations/index.ts";
import { Random } from "./random.ts";
import { listenForUnhandled } from "./unhandled.ts";
import { Crew } from "./workers.ts";
import { World } from "./world.ts";

const WORKERS = 24;
/** Ms that an operation may take. */
const LIMIT = 30_000;
/** Ms in which what has ended must be gone. */
const PATIENCE = 10_000;

await main(() => temporaryDirectory(soak));

async function soak(folder: string): Promise<void> {
  const [seconds, seed, part = ""] = host().args;
  const world = await World.create(folder);
  const crew = new Crew(world);
  listenForUnhandled((kind, error) => crew.found(kind, textOf(error)));
  endIfOneHangs(crew);
  const operations = everyOperation.filter(({ name }) => name.includes(part));
  await eachOnce(crew, operations, Number(seed));
  const start = await rest(crew, world);
  const workers = Array.from({ length: WORKERS }, (_, worker) => choices(Number(seed), worker, operations));
  await crew.work(workers, Number(seconds) * 250);
  const quarter = await rest(crew, world, start);
  await crew.work(workers, Number(seconds) * 750);
  const end = await rest(crew, world, start);
  report(crew, { start, quarter, end });
}

/** So that what is made once is made, and each has run without a cancel. */
async function eachOnce(crew: Crew, operations: readonly Operation[], seed: number): Promise<void> {
  const random = new Random(seed);
  for (const operation of operations) await crew.perform({ operation, cut: "none", seed: random.seed() }, 0);
}

/** What the process holds, once the workers rest: what has ended is gone a little later. */
async function rest(crew: Crew, world: World, before?: Measures): Promise<Measures> {
  const end = currentTime() + PATIENCE;
  for (;;) {
    const now = await measure();
    const same =
      before === undefined ||
      (["descriptors", "tasks", "timers"] as const).every((kind) => now[kind] === before[kind]);
    if (same || currentTime() > end) {
      checkRest(crew, world);
      return now;
    }
    await sleep(100);
  }
}

function checkRest(crew: Crew, world: World): void {
  try {
    world.checkRest();
  } catch (error) {
    crew.found("at rest", textOf(error));
  }
}

/** A timer of the host's: what hangs may be the library. */
function endIfOneHangs(crew: Crew): void {
  const root = rootTask();
  setInterval(() => {
    const hanging = [...crew.under.values()].filter(({ since }) => performance.now() - since > LIMIT);
    if (hanging.length === 0) return;
    for (const { what } of hanging) console.error(`not ended in ${String(LIMIT / 1000)} s: ${what}`);
    for (const [kind, { first }] of crew.faults) console.error(`${kind}: ${first}`);
    console.error(root === undefined ? "" : formatTaskTree(root));
    process.exit(1);
  }, 1_000).unref();
}

function report(crew: Crew, measured: Pick<Findings, "start" | "quarter" | "end">): void {
  const counts = Object.fromEntries(crew.counts);
  const faults = Object.fromEntries(crew.faults);
  console.log(JSON.stringify({ ...measured, counts, faults } satisfies Findings));
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
