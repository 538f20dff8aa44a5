import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { locate, type RuntimeName } from "@arborio-internal/runtimes";
import { root } from "./workspace.ts";

/** A program of ours in a process of its own. */
export interface Running {
  /** Resolves when it has printed that line, or one that matches. */
  printed(line: string | RegExp): Promise<void>;
  /** Gives it more to read; `end` after the last. */
  write(text: string): void;
  end(): void;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts a program (relative to the root) on a runtime, on the sources. */
export function start(
  runtime: RuntimeName,
  program: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Running {
  const { path: binary, reason } = locate(runtime);
  if (binary === undefined) throw new Error(reason);
  const run = runtime === "deno" ? ["run", "-A", "--unstable-net"] : [];
  const words = [...run, "--conditions=@arborio/source", path.join(root, program), ...args];
  return watch(spawn(binary, words, { env: { ...process.env, NO_COLOR: "1", ...env } }));
}

function watch(child: ChildProcess): Running {
  const text = { stdout: "", stderr: "" };
  const waiting: { readonly line: string | RegExp; readonly resolve: () => void }[] = [];
  const look = (): void => {
    const lines = text.stdout.split("\n").slice(0, -1);
    for (const { line, resolve } of waiting)
      if (lines.some((got) => (typeof line === "string" ? got === line : line.test(got)))) resolve();
  };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (data: string) => {
      text[name] += data;
      look();
    });
  }
  return {
    printed: (line) =>
      new Promise((resolve) => {
        waiting.push({ line, resolve });
        look();
      }),
    write: (input) => void child.stdin?.write(input),
    end: () => void child.stdin?.end(),
    signal: (name) => void child.kill(name),
    ended: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, ...text }));
    }),
  };
}
