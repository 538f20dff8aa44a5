import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pnpm } from "./command.ts";
import { packages, type Package } from "./workspace.ts";

/** Packs every package, gives `use` each one's tarball, and removes them all afterwards. Needs a build. */
export async function withTarballs<T>(use: (tarball: (folder: string) => string) => Promise<T>): Promise<T> {
  const target = mkdtempSync(path.join(tmpdir(), "arborio-tarballs-"));
  try {
    // Only what pnpm packs has the published exports; a folder has the development ones.
    const { ok, output } = await pnpm(["-r", "--filter=./packages/*", "pack", "--pack-destination", target]);
    if (!ok) throw new Error(`Cannot pack the packages:\n${output}`);
    const paths = new Map(packages().map((item) => [item.folder, path.join(target, fileName(item))]));
    return await use((folder) => paths.get(folder)!);
  } finally {
    rmSync(target, { recursive: true });
  }
}

function fileName({ manifest }: Package): string {
  return `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
}
