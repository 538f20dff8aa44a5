// What users install: packs the packages, installs the tarballs into empty folders with npm, and runs a program there on
// each runtime. The output must be the same everywhere: `pnpm consumers`.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { locate } from "@arborio-internal/runtimes";
import { transform } from "esbuild";
import { command, faultsOf } from "./command.ts";
import { markdownBlocks } from "./docs/blocks.ts";
import { withTarballs } from "./pack.ts";
import { runSteps, type Step } from "./steps.ts";
import { packages, read, root } from "./workspace.ts";

interface Consumer {
  readonly name: string;
  /** The folders of the packages that are installed, with those they depend on. */
  readonly installs: readonly string[];
  /** In TypeScript; made JavaScript for the oldest runtime, as a user's build would. */
  readonly program: string;
}

const small = (from: string): string => `
import { taskGroup } from "${from}";
const order: number[] = [];
const sum = await taskGroup(async (group) => {
  const handles = [1, 2, 3].map((n) => group.spawn(async () => { order.push(n); return n; }));
  const values = await Promise.all(handles.map((handle) => handle.result()));
  return values.reduce((a, b) => a + b);
});
console.log("sum", sum, "of", order.toSorted().join());
const failed = await taskGroup(async (group) => { group.spawn(async () => { throw new TypeError("no"); }); })
  .catch((error: AggregateError) => error);
console.log(failed instanceof AggregateError && failed.errors.map(String).join());
`;

// Node before 24 follows promises only from an AsyncLocalStorage's first use on: what began before must not see the tasks.
const outside = `
import { currentTask, run } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
const seen = new Set<string | undefined>();
const look = (): void => void seen.add(currentTask()?.name);
const before = Promise.resolve();
const watcher = (async () => { for (let i = 0; i < 20; i++) { await before; look(); } })();
const timer = new Promise<void>((done) => setTimeout(() => done(look())));
await run(() => taskGroup((group) => void group.spawn(async () => { await before; look(); }, { name: "inside" })));
await Promise.all([watcher, timer]);
look();
console.log([...seen].map(String).sort().join());
`;

// Node 20 can run no vitest, and is the one that resumes a session of any server: so the suite's part about TLS runs here.
const tls = `
import { suite } from "@arborio/conformance";
import { nodeBackend } from "@arborio/backend-node";
const tests: [string, () => Promise<void>][] = [];
// What Deno makes of node:* is looked at by its own suite.
if (!("Deno" in globalThis)) suite({ test: (name, fn) => tests.push([name, fn]), backend: nodeBackend });
for (const [name, fn] of tests.filter(([name]) => name.includes("TLS")))
  await fn().catch((error: unknown) => console.log(name, String(error)));
console.log("done");
process.exit();
`;

function consumers(): Consumer[] {
  const found: Consumer[] = [
    { name: "task-group", installs: ["task-group"], program: small("@arborio/task-group") },
    { name: "umbrella", installs: ["arborio"], program: small("arborio") },
    { name: "tls", installs: ["conformance", "backend-node"], program: tls },
    { name: "outside", installs: ["task-group"], program: outside },
  ];
  const [example] = existsSync(path.join(root, "README.md"))
    ? markdownBlocks("README.md", read("README.md"))
    : [];
  return example ? [...found, { name: "readme", installs: ["arborio"], program: example.code }] : found;
}

/** `folder` and all it depends on, ours only. */
function closure(folder: string, seen: Set<string> = new Set()): Set<string> {
  seen.add(folder);
  const item = packages().find((one) => one.folder === folder);
  for (const name of Object.keys(item?.manifest.dependencies ?? {})) {
    const sibling = name.replace("@arborio/", "");
    if (!seen.has(sibling)) closure(sibling, seen);
  }
  return seen;
}

function runtimes(): [name: string, binary: string, ...args: string[]][] {
  const found: [string, string, ...string[]][] = [
    ["host's node", hostNode()],
    ["node 26", process.execPath],
  ];
  const node20 = locate("node20").path;
  if (node20 !== undefined) found.push(["node 20", node20]);
  const deno = locate("deno").path;
  if (deno !== undefined) found.push(["deno", deno, "run", "-A", "--unstable-net", "--cached-only"]);
  return found;
}

// The Node a user would have: the first on the PATH that no package manager put there.
function hostNode(): string {
  const folders = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((one) => !/node_modules|node-gyp-bin/.test(one));
  const found = folders.map((one) => path.join(one, "node")).find((one) => existsSync(one));
  if (found === undefined)
    throw new Error("Cannot find the host's node: none on the PATH outside node_modules");
  return found;
}

async function consume(consumer: Consumer, tarball: (folder: string) => string): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "arborio-consumer-"));
  try {
    const faults = await install(
      folder,
      [...new Set(consumer.installs.flatMap((one) => [...closure(one)]))].map(tarball),
    );
    if (faults.length > 0) return faults;
    const { code } = await transform(consumer.program, { loader: "ts", target: "es2022", format: "esm" });
    writeFileSync(path.join(folder, "program.mjs"), code);
    return await runEverywhere(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function install(folder: string, tarballs: readonly string[]): Promise<string[]> {
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // Offline: should a tarball want anything that is not in another, this fails instead of fetching it.
  return faultsOf("npm", ["install", "--offline", "--no-audit", "--no-fund", ...tarballs], { cwd: folder });
}

async function runEverywhere(folder: string): Promise<string[]> {
  const faults: string[] = [];
  let expected: string | undefined;
  for (const [name, binary, ...args] of runtimes()) {
    const { ok, output } = await command(binary, [...args, "program.mjs"], { cwd: folder, timeout: 30_000 });
    expected ??= output;
    if (!ok) faults.push(`${name} failed:\n${output}`);
    else if (output !== expected)
      faults.push(`${name} printed\n${output}where the first printed\n${expected}`);
  }
  console.log(expected?.trimEnd().replace(/^/gm, "  | "));
  return faults;
}

const built = await faultsOf("tsc", ["-b"]);
if (built.length > 0) throw new Error(`Cannot pack: the build fails\n${built.join("\n")}`);
await withTarballs(async (tarball) => {
  const steps = consumers().map((one): Step => ({ name: one.name, run: () => consume(one, tarball) }));
  await runSteps(steps);
});
