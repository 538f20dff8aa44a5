/** One named part of a check; it returns the faults it found, each ready to be printed. */
export interface Step {
  readonly name: string;
  readonly run: () => Promise<string[]> | string[];
}

interface Result {
  readonly name: string;
  readonly faults: string[];
  readonly ms: number;
}

/** Runs the steps in order, all of them whatever fails, prints a table, and sets the exit code. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  const results: Result[] = [];
  for (const step of steps) results.push(await runStep(step));
  console.log(`\n${results.map(row).join("\n")}`);
  const failed = results.filter(({ faults }) => faults.length > 0).length;
  console.log(`\nsteps: ${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function runStep({ name, run }: Step): Promise<Result> {
  const begin = performance.now();
  const faults = await Promise.resolve()
    .then(run)
    .catch((error: unknown) => [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  const ms = performance.now() - begin;
  if (faults.length > 0) console.log(`\n✗ ${name}\n${faults.map(indent).join("\n")}`);
  return { name, faults, ms };
}

function row({ name, faults, ms }: Result): string {
  const mark = faults.length === 0 ? "✓" : "✗";
  return `${mark} ${name.padEnd(14)} ${(ms / 1000).toFixed(1).padStart(6)} s${faults.length > 0 ? `  ${faults.length} fault(s)` : ""}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

/** `pnpm check sizes api` runs only these; a name that is no step is an error. */
export function choose(steps: readonly Step[], names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new Error(`No step ${unknown.join(", ")}; there are: ${steps.map(({ name }) => name).join(", ")}`);
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name));
}
