// The whole test suite on other runtimes: `pnpm conformance [runtime…] [vitest's arguments…]`.
import path from "node:path";
import { locate, runtimeNames, type RuntimeName } from "@arborio-internal/runtimes";
import { command } from "./command.ts";
import { runSteps, type Step } from "./steps.ts";
import { root } from "./workspace.ts";

const defaults: readonly RuntimeName[] = ["node", "deno"];

// vitest 5 needs Node 22. On 20 the packed tarballs are run instead: `pnpm consumers`.
const unable: Partial<Record<RuntimeName, string>> = { node20: "vitest needs Node 22; see pnpm consumers" };

const isRuntime = (word: string): word is RuntimeName => runtimeNames.some((name) => name === word);

function step(name: RuntimeName, rest: readonly string[]): Step {
  return { name, run: () => runOn(name, rest) };
}

async function runOn(name: RuntimeName, rest: readonly string[]): Promise<string[]> {
  const found = locate(name);
  const reason = unable[name] ?? found.reason;
  if (reason !== undefined) return [reason];
  console.log(`\n${name}: ${found.path === undefined ? "" : path.basename(found.path)}`);
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const { ok } = await command(found.path!, [...argumentsOf(name, vitest), ...rest], { show: true });
  return ok ? [] : ["the suite failed, see above"];
}

function argumentsOf(name: RuntimeName, vitest: string): string[] {
  if (name === "deno") return ["run", "-A", "--unstable-net", vitest, "run", "--pool=forks"];
  return name === "bun" ? ["--bun", vitest, "run", "--pool=threads"] : [vitest, "run"];
}

const words = process.argv.slice(2);
const named = words.filter(isRuntime);
const rest = words.filter((word) => !isRuntime(word));
await runSteps((named.length > 0 ? named : defaults).map((name) => step(name, rest)));
