import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** A JavaScript runtime that the suite can be run on. */
export type RuntimeName = "node" | "node20" | "node22" | "node24" | "deno" | "bun";

/** The path of a runtime's binary, or why there is none on this machine. */
export type Located = { path: string; reason?: never } | { path?: never; reason: string };

export const runtimeNames: readonly RuntimeName[] = ["node", "node20", "node22", "node24", "deno", "bun"];

const host = `${process.platform}-${process.arch}`;

// `node` is the repository's own (26), which is the Node this file runs on when pnpm starts it.
const places: Record<Exclude<RuntimeName, "node">, Partial<Record<string, [name: string, file: string]>>> = {
  node20: nodePlaces("node20"),
  node22: nodePlaces("node22"),
  node24: nodePlaces("node24"),
  deno: {
    "linux-x64": ["@deno/linux-x64-glibc", "deno"],
    "linux-arm64": ["@deno/linux-arm64-glibc", "deno"],
    "darwin-x64": ["@deno/darwin-x64", "deno"],
    "darwin-arm64": ["@deno/darwin-arm64", "deno"],
  },
  bun: { "linux-x64": ["@oven/bun-linux-x64", "bin/bun"] },
};

function nodePlaces(name: string): Partial<Record<string, [string, string]>> {
  return {
    "linux-x64": [`${name}-linux-x64`, "bin/node"],
    "linux-arm64": [`${name}-linux-arm64`, "bin/node"],
  };
}

/** Finds the binary of `name`, installed as an optional dependency of this package. */
export function locate(name: RuntimeName): Located {
  if (name === "node") return { path: process.execPath };
  const place = places[name][host];
  if (!place) return { reason: `no package with ${name} for ${host}` };
  const [packageName, file] = place;
  const folder = folderOf(packageName);
  if (!folder) return { reason: `${packageName} is not installed` };
  return { path: path.join(folder, file) };
}

// By hand, not by require.resolve: a package of one binary need not export its package.json.
function folderOf(packageName: string): string | undefined {
  const bases = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  return bases.map((base) => path.join(base, packageName)).find((folder) => existsSync(folder));
}
