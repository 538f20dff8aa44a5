// Many connections, cancelled ones, slow ones: client and server in two processes, on Node and on Deno.
// And the soak: all operations at random in one process.
// `pnpm load [scenario…] [--quick] [--seconds N] [--seed N]`
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { locate, type RuntimeName } from "@arborio-internal/runtimes";
import { start } from "../running.ts";
import { runSteps, type Step } from "../steps.ts";
import { holding } from "./held.ts";
import { playHostile } from "./hostile.ts";
import { scenarios, type Findings, type Scenario } from "./scenarios.ts";
import { soak } from "./soak/play.ts";

const runtimes: readonly RuntimeName[] = ["node", "deno"];
const flags: Partial<Record<RuntimeName, string>> = { deno: "--v8-flags=--expose-gc" };

/** The scenario of what each connection costs. */
const HOLDING = "held-connections";
const SOAK = "soak";
const HOSTILE = "hostile";

/** Ms that a scenario may take, besides the seconds it was given. */
const LIMIT = 120_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    seconds: { type: "string" },
    seed: { type: "string" },
  },
});
const seconds = Number(values.seconds ?? (values.quick ? 10 : 30));
if (!(seconds > 0))
  throw new RangeError(`Cannot load: --seconds must be a number above 0, received ${String(values.seconds)}`);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (!Number.isInteger(seed) || seed < 0)
  throw new RangeError(
    `Cannot load: --seed must be a whole number from 0 on, received ${String(values.seed)}`,
  );
const names = [...scenarios.map(({ name }) => name), HOSTILE, HOLDING, SOAK];
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`No scenario ${unknown.join(", ")}; there are: ${names.join(", ")}`);

const limit = descriptorLimit();
console.log(`descriptors: ${String(limit)} a process`);
// The soak is worth its time, so it is no part of a quick run unless it is named.
const usual = values.quick ? names.filter((name) => name !== SOAK) : names;
const chosen = positionals.length === 0 ? usual : names.filter((name) => positionals.includes(name));
await runSteps(chosen.flatMap((name) => on(name).map((runtime) => step(name, runtime))));

/** On Deno the host's own is node:tls as Deno imitates it, which is no measure for anything. */
function on(name: string): readonly RuntimeName[] {
  return name === HOLDING ? ["node"] : runtimes;
}

function step(name: string, runtime: RuntimeName): Step {
  const scenario = scenarios.find((one) => one.name === name);
  return {
    name: `${name} ${runtime}`,
    run: () => {
      const { reason } = locate(runtime);
      if (reason !== undefined) return [reason];
      if (name === HOSTILE) return playHostile(runtime);
      if (name === HOLDING) return holding(runtime, flagsOf(runtime));
      return scenario === undefined
        ? soak(runtime, { seconds, seed, flags: flagsOf(runtime) })
        : play(scenario, runtime);
    },
  };
}

function flagsOf(runtime: RuntimeName): string[] {
  return [flags[runtime] ?? "--expose-gc"];
}

async function play(scenario: Scenario, runtime: RuntimeName): Promise<string[]> {
  const options = { flags: flagsOf(runtime) };
  const server = start(runtime, "tools/load/programs/server.ts", [], options);
  const port = /\d+/.exec(await server.printed(/^load on port/))?.[0] ?? "";
  const amount = scenario.amount({ limit, seconds });
  const client = start(
    runtime,
    "tools/load/programs/client.ts",
    [scenario.name, port, String(amount)],
    options,
  );
  const timer = setTimeout(() => client.signal("SIGKILL"), LIMIT + seconds * 1000);
  try {
    const { code, stdout, stderr } = await client.ended;
    server.signal("SIGINT");
    const end = await server.ended;
    const faults = [
      ...(code === 0 && stderr === "" ? [] : [`the client ended with ${String(code)}: ${stderr}`]),
      ...(end.code === 130 && end.stderr === ""
        ? []
        : [`the server ended with ${String(end.code)}: ${end.stderr}`]),
    ];
    if (code !== 0) return faults;
    const findings = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Findings;
    console.log(`  ${runtime}: ${scenario.tell(findings)}`);
    return [...faults, ...scenario.faults(findings, amount)];
  } finally {
    clearTimeout(timer);
    for (const one of [client, server]) one.signal("SIGKILL");
  }
}

/** The hard one: Node and Deno raise theirs to it. */
function descriptorLimit(): number {
  const text = execFileSync("sh", ["-c", "ulimit -Hn"]).toString().trim();
  return text === "unlimited" ? Infinity : Number(text);
}
