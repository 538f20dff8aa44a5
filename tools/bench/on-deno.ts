import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { locate } from "@arborio-internal/runtimes";
import type { Options } from "./options.ts";

const main = path.join(import.meta.dirname, "main.ts");

/** Measures on Deno too what is Deno's own: in one process, whose rows follow ours. Not from Deno: it has just been done. */
export async function measureOnDeno(
  { workloads, json, slices }: Options,
  say: (line: string) => void,
): Promise<void> {
  const names = workloads.filter(({ onDeno }) => onDeno).map(({ name }) => name);
  if (names.length === 0 || "Deno" in globalThis) return;
  const { path: deno, reason } = locate("deno");
  if (deno === undefined) return say(`deno: not run, ${reason}`);
  const flags = ["run", "-A", "--v8-flags=--expose-gc,--no-flush-bytecode"];
  // Python was measured beside Node.
  const rest = ["--no-python", "--slices", String(slices), ...(json ? ["--json"] : [])];
  if (!json) console.log();
  const child = spawn(deno, [...flags, main, ...names, ...rest], { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`Cannot measure on Deno: it ended with ${String(code)}`);
}
