import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Program, ProgramModule, Runtime } from "./program.ts";
import { collectYoung, type Contender } from "./slices.ts";

const folder = path.join(import.meta.dirname, "programs");

/** The names of the programs there are for a workload, ours first. */
export function peersOf(workload: string): string[] {
  const names = readdirSync(path.join(folder, workload)).map((file) => path.basename(file, ".ts"));
  return names.sort((a, b) => Number(b === "ours") - Number(a === "ours") || (a < b ? -1 : 1));
}

/** Whether a program is written for what this process runs on. */
export function isForHere({ runtime = here }: Program): boolean {
  return runtime === here;
}

const here: Runtime = "Deno" in globalThis ? "deno" : "node";

/** A program, or the name of the package that it needs and that is not installed. */
export async function loadProgram(workload: string, peer: string): Promise<Program | string> {
  const file = pathToFileURL(path.join(folder, workload, `${peer}.ts`)).href;
  try {
    return ((await import(file)) as ProgramModule).program;
  } catch (error) {
    const missing = /Cannot find package '([^'/]+)'/.exec(String(error))?.[1];
    if (missing === undefined || missing.startsWith("@arborio")) throw error;
    return missing;
  }
}

/** Times runs; what prepares them is not timed. */
export function timed(name: string, program: Program, n: number): Contender {
  return {
    name,
    async slice(runs) {
      let total = 0;
      for (let i = 0; i < runs; i++) {
        if (program.prepare !== undefined) await prepared(program, n);
        const began = performance.now();
        const done = await program.run(n);
        total += performance.now() - began;
        checkResult(name, done, n);
      }
      return (total * 1e6) / runs;
    },
  };
}

/** What preparing allocated is not for the run to collect. */
async function prepared(program: Program, n: number): Promise<void> {
  await program.prepare?.(n);
  collectYoung();
}

/** Weighs what `prepare` leaves on the heap: bytes of `n` items. */
export function weighed(name: string, program: Program, n: number): Contender {
  return {
    name,
    async slice() {
      // What the last run left in variables gives way to what one item leaves.
      await program.prepare?.(1);
      await program.run(1);
      const before = heapUsed();
      await program.prepare?.(n);
      const bytes = heapUsed() - before;
      checkResult(name, await program.run(n), n);
      return bytes;
    },
  };
}

export function checkResult(name: string, done: number, n: number): void {
  if (done !== n) throw new Error(`Cannot use the result of ${name}: ${done} of ${n} items did their part`);
}

function heapUsed(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("Cannot weigh the heap: Node runs without --expose-gc");
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}
