// Looks for inputs that are answered wrongly: `pnpm fuzz [target…] [--seconds N] [--seed S] [--path P]`.
// By fast-check, which makes inputs by their shape and shrinks what it finds; a seed and a path repeat a finding.
import { parseArgs } from "node:util";
import fc from "fast-check";
import { runSteps, type Step } from "../steps.ts";
import { targets, type Target } from "./targets.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string" },
    path: { type: "string" },
  },
});
const seconds = Number(values.seconds);
if (!(seconds > 0))
  throw new RangeError(`Cannot fuzz: --seconds must be above 0, received ${values.seconds}`);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!Number.isInteger(seed))
  throw new RangeError(`Cannot fuzz: --seed must be an integer, received ${String(values.seed)}`);
const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0)
  throw new Error(
    `No target ${unknown.join(", ")}; there are: ${targets.map(({ name }) => name).join(", ")}`,
  );

const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
await runSteps(chosen.map((target): Step => ({ name: target.name, run: () => fuzz(target) })));

async function fuzz({ name, property }: Target): Promise<string[]> {
  const limit = { interruptAfterTimeLimit: seconds * 1_000, markInterruptAsFailure: false };
  const repeat = values.path === undefined ? {} : { path: values.path };
  const details = await fc.check(property(), { ...limit, ...repeat, seed, numRuns: Number.MAX_SAFE_INTEGER });
  console.log(`  ${name}: ${String(details.numRuns)} inputs, seed ${String(seed)}`);
  if (!details.failed) return [];
  const again = `pnpm fuzz ${name} --seed ${String(seed)} --path ${details.counterexamplePath ?? ""}`;
  const shown = fc.stringify(details.counterexample).slice(0, 2_000);
  return [`${String(details.errorInstance)}\nfor ${shown}\nagain: ${again}`];
}
