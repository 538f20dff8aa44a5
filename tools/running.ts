import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { locate, type RuntimeName } from "@arborio-internal/runtimes";
import { root } from "./workspace.ts";

/** A program of ours in a process of its own. */
export interface Running {
  /** Resolves, with the line, when it has printed that one, or one that matches; rejects if it ends before. */
  printed(line: string | RegExp): Promise<string>;
  /** What it has printed so far. */
  lines(): readonly string[];
  /** Gives it more to read; `end` after the last. */
  write(text: string): void;
  end(): void;
  signal(name: NodeJS.Signals): void;
  readonly pid: number | undefined;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The runtime's own. */
  readonly flags?: readonly string[];
}

/** Starts a program (relative to the root) on a runtime, on the sources. */
export function start(
  runtime: RuntimeName,
  program: string,
  args: readonly string[] = [],
  { env = {}, flags = [] }: StartOptions = {},
): Running {
  const { path: binary, reason } = locate(runtime);
  if (binary === undefined) throw new Error(reason);
  const run = runtime === "deno" ? ["run", "-A", "--unstable-net"] : [];
  const words = [...run, ...flags, "--conditions=@arborio/source", path.join(root, program), ...args];
  return watch(spawn(binary, words, { env: { ...process.env, NO_COLOR: "1", ...env } }));
}

/**
 * Watches a process that was started.
 * @param keepOutput false if its stdout goes elsewhere
 */
export function watch(child: ChildProcess, keepOutput = true): Running {
  const text = { stdout: "", stderr: "" };
  const waiting: { readonly line: string | RegExp; readonly resolve: (got: string) => void }[] = [];
  const lines = (): string[] => text.stdout.split("\n").slice(0, -1);
  const look = (): void => {
    for (const { line, resolve } of waiting) {
      const got = lines().find((one) => (typeof line === "string" ? one === line : line.test(one)));
      if (got !== undefined) resolve(got);
    }
  };
  for (const name of ["stdout", "stderr"] as const) {
    if (name === "stdout" && !keepOutput) continue;
    child[name]?.setEncoding("utf8").on("data", (data: string) => {
      text[name] += data;
      look();
    });
  }
  // That it ends before it has read all is told by how it ends.
  child.stdin?.on("error", () => {});
  const ended = new Promise<Awaited<Running["ended"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
  return {
    printed: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ line, resolve });
        ended.then(
          () => reject(new Error(`it ended, and never printed ${String(line)}: ${text.stderr}`)),
          reject,
        );
        look();
      }),
    lines,
    write: (input) => void child.stdin?.write(input),
    end: () => void child.stdin?.end(),
    signal: (name) => void child.kill(name),
    pid: child.pid,
    ended,
  };
}
