/**
 * Files and directories, as operations that a cancelled scope stops waiting for, and never leaves half begun.
 *
 * ```ts
 * import { nodeBackend } from "@arborio/backend-node";
 * import { run } from "@arborio/core";
 * import { readTextFile, temporaryDirectory, writeFile } from "@arborio/fs";
 *
 * await run(() => temporaryDirectory(async (folder) => {
 *   await writeFile(`${folder}/greeting`, "hello");
 *   console.log(await readTextFile(`${folder}/greeting`)); // hello
 * }), { backend: nodeBackend() });
 * ```
 *
 * @module
 */
export {
  mkdir,
  readDirectory,
  remove,
  type DirectoryEntry,
  type MkdirOptions,
  type RemoveOptions,
} from "./directories.ts";
export type { File } from "./file.ts";
export { openFile, type OpenMode, type OpenOptions } from "./open-file.ts";
export { exists, stat, type FileKind, type FileStat, type StatOptions } from "./stat.ts";
export {
  openTemporaryDirectory,
  temporaryDirectory,
  type TemporaryDirectory,
  type TemporaryDirectoryOptions,
} from "./temporary-directory.ts";
export { walk, type WalkEntry, type WalkOptions } from "./walk.ts";
export { readFile, readTextFile, writeFile, type WriteOptions } from "./whole-files.ts";
