import type { FileKind, FileStat } from "@arborio/core/backend";
import type { DenoFileInfo, DenoFileKind } from "./host-types.ts";

/** Deno's stat in the contract's terms. */
export function fileStat(info: DenoFileInfo): FileStat {
  return {
    kind: kindOf(info),
    size: info.size,
    mode: (info.mode ?? 0) & 0o7777,
    modifiedAt: info.mtime?.getTime() ?? 0,
    accessedAt: info.atime?.getTime() ?? 0,
    createdAt: info.birthtime?.getTime(),
    identity: info.ino ? `${String(info.dev)}:${String(info.ino)}` : undefined,
  };
}

/** What an entry of a directory, or what a path names, is. */
export function kindOf(entry: DenoFileKind): FileKind {
  if (entry.isFile) return "file";
  if (entry.isDirectory) return "directory";
  return entry.isSymlink ? "symlink" : "other";
}
