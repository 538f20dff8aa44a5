import { symlink } from "node:fs/promises";
import { nodeBackend } from "@arborio/backend-node";
import {
  exists,
  mkdir,
  readTextFile,
  remove,
  stat,
  temporaryDirectory,
  walk,
  writeFile,
  type WalkOptions,
} from "@arborio/fs";
import { createTest } from "@arborio/testing/vitest";
import { expect } from "vitest";

// The contract cannot make links, so these are not in the conformance suite.
const test = createTest({ backend: nodeBackend });

function withTree(fn: (path: string) => Promise<void>): () => Promise<void> {
  return () =>
    temporaryDirectory(async (path) => {
      await mkdir(`${path}/a/b`, { recursive: true });
      await writeFile(`${path}/a/b/file`, "kept");
      await symlink(`${path}/a`, `${path}/a/b/up`);
      await symlink(`${path}/a/b`, `${path}/link`);
      await symlink(`${path}/nowhere`, `${path}/broken`);
      await fn(path);
    });
}

async function names(path: string, options?: WalkOptions): Promise<string[]> {
  const found = [];
  for await (const entry of walk(path, options))
    found.push(`${entry.path.slice(path.length + 1)}:${entry.kind}`);
  return found;
}

test(
  "walk: links are told, and not followed",
  withTree(async (path) => {
    expect(await names(path)).toEqual([
      "a:directory",
      "a/b:directory",
      "a/b/file:file",
      "a/b/up:symlink",
      "broken:symlink",
      "link:symlink",
    ]);
  }),
);

test(
  "walk: followed links lead into directories, but not into one that the walk is in",
  withTree(async (path) => {
    expect(await names(path, { followLinks: true })).toEqual([
      "a:directory",
      "a/b:directory",
      "a/b/file:file",
      "a/b/up:symlink",
      "broken:symlink",
      "link:symlink",
      "link/file:file",
      "link/up:symlink",
      "link/up/b:directory",
    ]);
  }),
);

test(
  "stat and exists: of a link's end, or of the link itself",
  withTree(async (path) => {
    expect([
      (await stat(`${path}/link`)).kind,
      (await stat(`${path}/link`, { followLinks: false })).kind,
    ]).toEqual(["directory", "symlink"]);
    expect([await exists(`${path}/broken`), await exists(`${path}/broken`, { followLinks: false })]).toEqual([
      false,
      true,
    ]);
  }),
);

test(
  "remove: a link goes, what it leads to stays",
  withTree(async (path) => {
    await mkdir(`${path}/c`);
    await symlink(`${path}/a`, `${path}/c/link`);
    await remove(`${path}/c`, { recursive: true });
    await remove(`${path}/link`);
    expect(await readTextFile(`${path}/a/b/file`)).toBe("kept");
    expect([await exists(`${path}/c`), await exists(`${path}/link`, { followLinks: false })]).toEqual([
      false,
      false,
    ]);
  }),
);
