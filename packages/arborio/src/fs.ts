/**
 * Files and directories: `@arborio/fs`.
 *
 * @module
 */
export {
  exists,
  mkdir,
  openFile,
  openTemporaryDirectory,
  readDirectory,
  readFile,
  readTextFile,
  remove,
  stat,
  temporaryDirectory,
  walk,
  writeFile,
} from "@arborio/fs";
export type {
  DirectoryEntry,
  File,
  FileKind,
  FileStat,
  MkdirOptions,
  OpenMode,
  OpenOptions,
  RemoveOptions,
  StatOptions,
  TemporaryDirectory,
  TemporaryDirectoryOptions,
  WalkEntry,
  WalkOptions,
  WriteOptions,
} from "@arborio/fs";
