import { spawnSync } from "node:child_process";
import { files, packages, read, root } from "../workspace.ts";

/** A changeset's packages: the keys of its front matter. */
export function changesetNames(text: string): string[] | undefined {
  const matter = /^---\n([\s\S]*?)\n---\n/.exec(text)?.[1];
  const lines = matter?.split("\n").filter((line) => line.trim() !== "") ?? [];
  const names = lines.map((line) => /^["']?([^"':]+)["']?:\s*(?:patch|minor|major)$/.exec(line)?.[1]);
  return matter === undefined || names.includes(undefined) ? undefined : (names as string[]);
}

/** Changesets that name no package of ours; and sources changed since the last release that no changeset tells of. */
export function changesetFaults(): string[] {
  const pending = files(".changeset/*.md").filter((name) => !name.endsWith("README.md"));
  const known = new Set(packages().map(({ manifest }) => manifest.name));
  const wrong = pending.flatMap((name) => fileFaults(name, known));
  return pending.length === 0 && changedSinceRelease()
    ? ["sources changed since the last release, and no changeset says so: run pnpm changeset"]
    : wrong;
}

function fileFaults(name: string, known: ReadonlySet<string>): string[] {
  const names = changesetNames(read(name));
  if (!names || names.length === 0) return [`${name}: the front matter names no package and bump`];
  return names.filter((one) => !known.has(one)).map((one) => `${name}: no package is named ${one}`);
}

// A release commit is the one that last wrote a CHANGELOG; without any, everything is unreleased.
function changedSinceRelease(): boolean {
  const release = git("log", "-1", "--format=%H", "--", "packages/*/CHANGELOG.md");
  if (release === undefined) return false; // not a git checkout: nothing to compare with
  const sources = ["--", "packages/*/src"];
  const committed =
    release === "" ? git("ls-files", ...sources) : git("diff", "--name-only", release, ...sources);
  return committed !== "" || git("status", "--porcelain", ...sources) !== "";
}

function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
