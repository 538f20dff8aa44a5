import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { install } from "../debian.ts";
import type { Contender } from "./slices.ts";

/** What of Python the workloads are written for, with the modules that it needs. */
const systems: Readonly<Record<string, readonly string[]>> = {
  "anyio-asyncio": ["anyio"],
  "anyio-trio": ["anyio", "trio"],
  trio: ["trio"],
  asyncio: ["asyncio"],
};

// The system's own first: that is where its packages are installed.
const binary = ["/usr/bin/python3"].find(existsSync) ?? "python3";
const harness = path.join(import.meta.dirname, "python", "harness.py");

/** The systems that can be run here, once what is missing was installed, if it can be. */
export function pythonSystems(say: (line: string) => void): string[] {
  if (!runs("pass")) {
    say("python: not run, there is no python3");
    return [];
  }
  const names = Object.keys(systems);
  if (!names.every(isThere)) install(["python3-anyio", "python3-trio"], say);
  for (const name of names) if (!isThere(name)) say(`${name}: not run, python3 does not have it`);
  return names.filter(isThere);
}

/** A child process that makes runs when told to. */
export function pythonContender(
  name: string,
  workload: string,
  n: number,
  env: Readonly<Record<string, string>> = {},
): Contender {
  const child = spawn(binary, [harness, name, workload, String(n)], {
    env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  // What goes wrong here comes out where the next answer is read.
  child.on("error", (error) => (complaints += error.message));
  child.stdin.on("error", () => {});
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { done, value } = await answers.next();
    if (done === true) throw new Error(complaints.trim().split("\n").at(-1) ?? "it ended");
    return value;
  };
  const ready = answer();
  ready.catch(() => {});
  return {
    name,
    // A run then lasts seconds, and the ratio is not close.
    every: n < 1e5 ? 1 : 3,
    async slice(count) {
      await ready;
      child.stdin.write(`${count}\n`);
      return Number(await answer());
    },
    close: () => void child.kill(),
  };
}

/** Python's, and those of the packages that it has. */
export function pythonVersions(): string[] {
  const code = `import platform
from importlib.metadata import distributions
print("python", platform.python_version())
for one in distributions():
    if one.metadata["Name"] in ("anyio", "trio"): print(one.metadata["Name"], one.version)`;
  return spawnSync(binary, ["-c", code]).stdout.toString().trim().split("\n");
}

function isThere(name: string): boolean {
  return (systems[name] ?? []).every((module) => runs(`import ${module}`));
}

function runs(code: string): boolean {
  return spawnSync(binary, ["-c", code], { stdio: "ignore" }).status === 0;
}
