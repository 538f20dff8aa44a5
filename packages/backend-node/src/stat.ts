import type { FileKind, FileStat } from "@arborio/core/backend";
import type { Stats } from "node:fs";

/** Node's stat in the contract's terms. */
export function fileStat(stats: Stats): FileStat {
  return {
    kind: kindOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    modifiedAt: stats.mtimeMs,
    accessedAt: stats.atimeMs,
    createdAt: stats.birthtimeMs > 0 ? stats.birthtimeMs : undefined,
    identity: stats.ino === 0 ? undefined : `${String(stats.dev)}:${String(stats.ino)}`,
  };
}

/** What an entry of a directory, or what a path names, is. */
export function kindOf(entry: Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">): FileKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}
