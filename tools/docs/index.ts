import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { command, faultsOf, inParallel } from "../command.ts";
import { files, read, root } from "../workspace.ts";
import { commentBlocks, markdownBlocks, type Block } from "./blocks.ts";

// Inside the repository, so that imports resolve as a reader's would; not below node_modules, where Node
// does not strip types.
const folder = path.join(root, ".examples");

export function allBlocks(): Block[] {
  const pages = files("README.md", "packages/*/README.md", "docs/**/*.md");
  const indexes = files("packages/*/src/index.ts");
  return [
    ...pages.flatMap((name) => markdownBlocks(name, read(name))),
    ...indexes.flatMap((name) => commentBlocks(name, read(name))),
  ];
}

/** Typechecks every example in the documentation, and runs those that are programs. Needs a build of types. */
export async function exampleFaults(blocks: readonly Block[] = allBlocks()): Promise<string[]> {
  const used = blocks.filter(({ treatment }) => treatment !== "read");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(tsconfig()));
  used.forEach((block, index) => writeFileSync(fileOf(index), block.code));
  const types = await faultsOf("tsc", ["-b", folder]);
  const runs = await inParallel([...used.entries()], ([index, block]) => runFaults(block, index));
  console.log(`  ${used.length} examples, ${blocks.length - used.length} fragments`);
  return [...types.map((fault) => explain(fault, used)), ...runs.flat()];
}

const fileOf = (index: number): string => path.join(folder, `example-${index}.ts`);

function tsconfig(): object {
  const references = files("packages/*/tsconfig.json").map((name) => ({ path: `../${path.dirname(name)}` }));
  // An example may name a value only to show its type.
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, moduleDetection: "force" };
  return { extends: "../tsconfig.json", compilerOptions, include: ["*.ts"], references };
}

// tsc names the file it read; the reader wants the page.
function explain(fault: string, used: readonly Block[]): string {
  return fault.replace(/\S*example-(\d+)\.ts/g, (_, index: string) => used[Number(index)]?.place ?? "?");
}

async function runFaults({ place, treatment }: Block, index: number): Promise<string[]> {
  if (treatment !== "run") return [];
  const { ok, output } = await command("node", ["--conditions=@arborio/source", fileOf(index)], {
    timeout: 30_000,
  });
  return ok ? [] : [`${place} fails when run:\n${output}`];
}
