import type { DirectoryEntry, FsBackend } from "@arborio/core/backend";
import { lstat, mkdir, mkdtemp, readdir, rm, rmdir, stat, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { sep } from "node:path";
import { openFile } from "./file.ts";
import { attempted } from "./os-error.ts";
import { fileStat, kindOf } from "./stat.ts";

/** Files over `node:fs/promises`. */
export function createFs(): FsBackend {
  return {
    separator: sep,
    open: openFile,
    stat: (path, followLinks) =>
      attempted((followLinks ? stat(path) : lstat(path)).then(fileStat), { syscall: "stat", path }),
    readDirectory: (path) => attempted(entries(path), { syscall: "readdir", path }),
    makeDirectory: (path, options) =>
      attempted(mkdir(path, options).then(nothing), { syscall: "mkdir", path }),
    remove: (path, { recursive }) =>
      attempted(recursive ? rm(path, { recursive }) : removeOne(path), { syscall: "remove", path }),
    makeTemporaryDirectory({ prefix, parent = tmpdir() }) {
      // Not by `join`: that would leave the parent for a prefix of dots, or none.
      const path = (parent.endsWith(sep) ? parent : parent + sep) + prefix;
      return attempted(mkdtemp(path), { syscall: "mkdtemp", path });
    },
  };
}

const nothing = (): void => {};

async function entries(path: string): Promise<DirectoryEntry[]> {
  const found = await readdir(path, { withFileTypes: true });
  return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
}

// POSIX has two calls for it, and the error of the wrong one differs between systems.
async function removeOne(path: string): Promise<void> {
  const stats = await lstat(path);
  await (stats.isDirectory() ? rmdir(path) : unlink(path));
}
