import { MISSING } from "./interpreter.ts";
import type { Program } from "./program.ts";

/** The packages a program needs that are not there yet. */
export function missingPackages(program: Program): string[] {
  const found = new Set<string>();
  collect(program.main, found);
  return [...found].sort();
}

function collect(part: unknown, found: Set<string>): void {
  if (!Array.isArray(part)) return;
  const [name] = part as unknown[];
  if (typeof name === "string") {
    const missing = MISSING[name];
    if (missing !== undefined) found.add(missing);
  }
  for (const inner of part) collect(inner, found);
}
