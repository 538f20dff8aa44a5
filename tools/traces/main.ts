import { parseArgs } from "node:util";
import { simulate } from "@arborio/testing";
import { replay } from "./interpreter.ts";
import { missingPackages } from "./needs.ts";
import { difference, readPrograms, type Program } from "./program.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "0" } },
});
const seeds = Number(values.seeds);
if (positionals.length === 0 || !Number.isSafeInteger(seeds) || seeds < 0) {
  console.error("usage: pnpm traces FILE… [--seeds N]");
  process.exit(2);
}

let equal = 0;
let total = 0;
let differ = 0;
for (const program of positionals.flatMap(readPrograms)) {
  total++;
  const missing = missingPackages(program);
  if (missing.length > 0) {
    console.log(`${String(program.id)} waiting for ${missing.join(", ")}`);
    continue;
  }
  const fault = await firstFault(program, seeds);
  if (fault === undefined) equal++;
  else {
    differ++;
    console.log(`${String(program.id)} differs, ${fault}`);
  }
}
console.log(`${String(equal)} of ${String(total)} traces equal`);
process.exitCode = differ > 0 ? 1 : 0;

/** In plain order, then under each seed: the first replay that differs, in words. */
async function firstFault(program: Program, count: number): Promise<string | undefined> {
  for (const seed of [undefined, ...Array(count).keys()]) {
    const fault = difference(program.trace, await simulate(() => replay(program), { seed }));
    if (fault !== undefined)
      return `${seed === undefined ? "in plain order" : `seed ${String(seed)}`}: ${fault}`;
  }
  return undefined;
}
