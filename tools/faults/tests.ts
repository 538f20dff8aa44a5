import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

// ms. All of them take a minute on a loaded machine.
const LONGEST_RUN = 60_000;
const LONGEST_RUN_OF_ALL = 240_000;

/** The tests that are to find the faults of the kernel. */
const KERNEL: readonly string[] = ["core", "cancellation", "task-group", "testing"].map(
  (name) => `packages/${name}/`,
);
/** Those that are to find the faults of what is built on it. */
const PRIMITIVES: readonly string[] = ["packages/sync/", "packages/streams/", "packages/iteration/"];

const NET: readonly string[] = ["packages/net/"];

const NODE: readonly string[] = ["packages/backend-node/"];

/** All of the tests that may find a fault in a file. */
export function allFor(file: string): readonly string[] {
  if (NODE.some((folder) => file.startsWith(folder))) return NODE;
  if (NET.some((folder) => file.startsWith(folder))) return NET;
  return PRIMITIVES.some((folder) => file.startsWith(folder)) ? PRIMITIVES : KERNEL;
}

/** The part of vitest's report that is read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs tests in a copy up to the first failure: gives which that was, or undefined if all passed. A hang is a failure. */
export async function firstFailure(copy: string, tests: readonly string[]): Promise<string | undefined> {
  const report = path.join(copy, "report.json");
  rmSync(report, { force: true });
  const longest = [KERNEL, PRIMITIVES, NET, NODE].includes(tests) ? LONGEST_RUN_OF_ALL : LONGEST_RUN;
  const end = await vitest(copy, longest, [
    "run",
    ...tests,
    "--bail=1",
    "--reporter=json",
    `--outputFile=${report}`,
  ]);
  if (end === 0) return undefined;
  if (end === "hung") return `none ended within ${longest / 1000} s`;
  const failure = existsSync(report)
    ? failureIn(JSON.parse(readFileSync(report, "utf8")) as Report)
    : undefined;
  return failure ?? "an error outside of the tests";
}

function failureIn({ testResults }: Report): string | undefined {
  const failed = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName }) => `${path.basename(name)}: ${fullName}`),
  );
  // Files that were given up because of another's failure are reported as failed too, without a message.
  const broken = testResults.find(({ status, message }) => status === "failed" && message !== "");
  return failed[0] ?? (broken && `${path.basename(broken.name)}: ${broken.message.split("\n", 1)[0]}`);
}

/**
 * In a group of processes of its own: a worker that is stuck in a loop must go as well.
 * @param longest how many ms it may take; then it hangs
 */
function vitest(copy: string, longest: number, args: readonly string[]): Promise<number | "hung"> {
  const modules = path.join(copy, "node_modules");
  const PATH = `${path.join(modules, ".bin")}${path.delimiter}${process.env["PATH"] ?? ""}`;
  const child = spawn(process.execPath, [path.join(modules, "vitest", "vitest.mjs"), ...args], {
    cwd: copy,
    env: { ...process.env, PATH },
    stdio: "ignore",
    detached: true,
  });
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve("hung");
      kill();
    }, longest);
    process.once("exit", kill);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      process.off("exit", kill);
      resolve(code ?? 1);
    });
  });
}
