import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./workspace.ts";

export interface Outcome {
  readonly ok: boolean;
  /** stdout and stderr, in the order they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Kills the command after so many ms. */
  readonly timeout?: number;
  /** Show the output as it comes instead of keeping it. */
  readonly show?: boolean;
}

const binaries = path.join(root, "node_modules", ".bin");

// The repository's Node and tools come first, also when a script is started without pnpm.
const env = {
  ...process.env,
  PATH: `${binaries}${path.delimiter}${process.env["PATH"] ?? ""}`,
  NO_COLOR: "1",
};

/** Runs a command to its end; a failure is an outcome, not an exception. */
export function command(
  name: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(name, args, {
    cwd: options.cwd ?? root,
    env: { ...env, ...options.env },
    stdio: options.show ? "inherit" : ["ignore", "pipe", "pipe"],
    timeout: options.timeout,
  });
  let output = "";
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.on("close", (code, signal) =>
      resolve({ ok: code === 0, output: signal ? `${output}ended by ${signal}\n` : output }),
    );
  });
}

/** As `command`, for a check: no faults, or the output as the one fault. */
export async function faultsOf(
  name: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<string[]> {
  const { ok, output } = await command(name, args, options);
  return ok ? [] : [output.trim() || `${name} failed without a word`];
}

// pnpm is on the PATH when pnpm started us; by hand it comes through npx, as for the reader of the README.
const hasPnpm = spawnSync("pnpm", ["--version"], { env, stdio: "ignore" }).status === 0;

export function pnpm(args: readonly string[], options?: CommandOptions): Promise<Outcome> {
  return hasPnpm ? command("pnpm", args, options) : command("npx", ["-y", "pnpm@12.21.0", ...args], options);
}

/** Runs `work` over `items`, as many at once as there are cores here. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  width = 2,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
