import { locate, type RuntimeName } from "@arborio-internal/runtimes";
import { start } from "../running.ts";

/** Ms that an answer may take: what takes longer grows faster than the text does. */
const LONGEST = 1_000;
/** Ms that all of it may take. */
const LIMIT = 120_000;

/** Plays the program of hostile texts, prints the longest time of each function, and tells of wrong answers. */
export async function playHostile(runtime: RuntimeName): Promise<string[]> {
  const { reason } = locate(runtime);
  if (reason !== undefined) return [reason];
  const program = start(runtime, "tools/load/programs/hostile.ts");
  const timer = setTimeout(() => program.signal("SIGKILL"), LIMIT);
  const { code, stdout, stderr } = await program.ended;
  clearTimeout(timer);
  const answers = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [name: string, ms: number, faults: string[]]);
  for (const [name, ms] of answers)
    console.log(`  ${runtime}: ${name.padEnd(36)} ${ms.toFixed(1).padStart(7)} ms`);
  return [
    ...(code === 0 ? [] : [`the program ended with ${String(code)}: ${stderr}`]),
    ...answers.flatMap(([name, ms, faults]) => [
      ...faults.map((fault) => `${name}: ${fault}`),
      ...(ms <= LONGEST ? [] : [`${name} took ${ms.toFixed(0)} ms`]),
    ]),
  ];
}
