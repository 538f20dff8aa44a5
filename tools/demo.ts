// The main job on each runtime: `pnpm demo [DIR]`. Runs examples/mirror.ts, unchanged, on Node and on Deno, and says what each did.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { locate, type RuntimeName } from "@arborio-internal/runtimes";
import { root } from "./workspace.ts";

interface Summary {
  readonly files: number;
  readonly bytes: number;
  readonly verified: number;
  readonly seconds: number;
  readonly tasksLeft: number;
}

type Row = readonly string[];

const RUNTIMES: readonly RuntimeName[] = ["node", "deno"];
const HEADER: Row = ["runtime", "files", "bytes", "verified", "seconds", "tasks left"];
const program = path.join(root, "examples", "mirror.ts");
const flags: Partial<Record<RuntimeName, readonly string[]>> = { deno: ["run", "-A", "--unstable-net"] };

// Ctrl-C reaches the program too, being of the same process group; it cleans up, and then this ends as it did.
process.on("SIGINT", () => {});

const scratch = await mkdtemp(path.join(tmpdir(), "arborio-demo-"));
const rows: Row[] = [HEADER];
try {
  for (const name of RUNTIMES) rows.push(await runOn(name));
} finally {
  await rm(scratch, { recursive: true });
}
console.log(`\n${table(rows)}`);

async function runOn(name: RuntimeName): Promise<Row> {
  const { path: binary, reason } = locate(name);
  if (binary === undefined) return [name, `not run: ${reason ?? "there is none for this system"}`];
  const summary = path.join(scratch, `${name}.json`);
  console.log(`\n${name}: examples/mirror.ts`);
  const directories = process.argv.slice(2).map((directory) => path.resolve(directory));
  const args = [
    ...(flags[name] ?? []),
    "--conditions=@arborio/source",
    program,
    ...directories,
    "--summary",
    summary,
  ];
  const code = await exitOf(binary, args);
  if (code !== 0) {
    process.exitCode = code;
    if (code === 130) await leave();
    return [name, `failed: exit code ${String(code)}`];
  }
  return rowOf(name, JSON.parse(await readFile(summary, "utf8")) as Summary);
}

function exitOf(binary: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: "inherit", cwd: root });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

async function leave(): Promise<never> {
  await rm(scratch, { recursive: true });
  process.exit(130);
}

function rowOf(name: string, { files, bytes, verified, seconds, tasksLeft }: Summary): Row {
  if (verified !== files || tasksLeft !== 0) process.exitCode = 1;
  return [name, String(files), String(bytes), String(verified), seconds.toFixed(2), String(tasksLeft)];
}

/** Columns under their headings; a row of one remark keeps it whole. */
function table(lines: readonly Row[]): string {
  const widths = HEADER.map((_, at) =>
    Math.max(...lines.filter((row) => row.length > 2).map((row) => row[at]?.length ?? 0)),
  );
  return lines
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
