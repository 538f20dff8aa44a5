import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../workspace.ts";

/** What this process runs on, with its version. */
export function runtimeName(): string {
  const { deno } = process.versions as { deno?: string };
  return deno === undefined ? `node ${process.versions.node}` : `deno ${deno}`;
}

/** Those of the packages that are installed, with their versions. */
export function packageVersions(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const manifest = path.join(root, "node_modules", name, "package.json");
    if (!existsSync(manifest)) return [];
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    return [`${name} ${version}`];
  });
}
