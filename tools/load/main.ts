// Many connections, cancelled ones, slow ones: client and server in two processes, on Node and on Deno.
// `pnpm load [scenario…] [--quick] [--seconds N]`
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { locate, type RuntimeName } from "@arborio-internal/runtimes";
import { start } from "../running.ts";
import { runSteps, type Step } from "../steps.ts";
import { playHostile } from "./hostile.ts";
import { scenarios, type Findings, type Scenario } from "./scenarios.ts";

const runtimes: readonly RuntimeName[] = ["node", "deno"];
const flags: Partial<Record<RuntimeName, string>> = { deno: "--v8-flags=--expose-gc" };

/** Ms that a scenario may take, besides the seconds it was given. */
const LIMIT = 120_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, seconds: { type: "string" } },
});
const seconds = Number(values.seconds ?? (values.quick ? 10 : 30));
if (!(seconds > 0))
  throw new RangeError(`Cannot load: --seconds must be a number above 0, received ${String(values.seconds)}`);
const hostile = "hostile";
const known = [...scenarios.map(({ name }) => name), hostile];
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`No scenario ${unknown.join(", ")}; there are: ${known.join(", ")}`);

const limit = descriptorLimit();
console.log(`descriptors: ${String(limit)} a process`);
const asked = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
await runSteps([
  ...scenarios
    .filter(({ name }) => asked(name))
    .flatMap((scenario) => runtimes.map((runtime) => step(scenario, runtime))),
  ...runtimes
    .filter(() => asked(hostile))
    .map((runtime): Step => ({ name: `${hostile} ${runtime}`, run: () => playHostile(runtime) })),
]);

function step(scenario: Scenario, runtime: RuntimeName): Step {
  return { name: `${scenario.name} ${runtime}`, run: () => play(scenario, runtime) };
}

async function play(scenario: Scenario, runtime: RuntimeName): Promise<string[]> {
  const { reason } = locate(runtime);
  if (reason !== undefined) return [reason];
  const options = { flags: [flags[runtime] ?? "--expose-gc"] };
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
