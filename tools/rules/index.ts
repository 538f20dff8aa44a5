import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { files, folderOf, packages, read, root } from "../workspace.ts";
import { importFaults, type Source } from "./imports.ts";
import { suspensionFaults } from "./suspension.ts";
import { wordFaults } from "./words.ts";

function sources(): Source[] {
  return files("packages/*/src/**/*.ts").map((name) => ({ name, text: read(name) }));
}

export function allImportFaults(): string[] {
  const manifests = new Map(packages().map(({ folder, manifest }) => [folder, manifest]));
  return sources().flatMap((source) => {
    const manifest = manifests.get(folderOf(source.name));
    return manifest ? importFaults(source, manifest) : [`${source.name} is in no package`];
  });
}

export function allSuspensionFaults(): string[] {
  return sources().flatMap(suspensionFaults);
}

/** Over all files that git has or would take. */
export function allWordFaults(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  const names = listed
    .toString()
    .split("\n")
    .filter((name) => name !== "" && existsSync(path.join(root, name)));
  return names.flatMap((name) => wordFaults({ name, text: readFileSync(path.join(root, name), "utf8") }));
}
