import type { WaitOptions } from "@arborio/core";
import type { RawOpenOptions } from "@arborio/core/backend";
import { capability, perform, show } from "@arborio/core/lowlevel";
import { checkPath, checkPermissions } from "./arguments.ts";
import { OpenedFile, type File } from "./file.ts";

/**
 * What is done with a file, in Python's letters: `r` read, `w` write it anew, `a` append, `x` write one that must not exist
 * yet; with `+` also the other way. All but `r` and `r+` make it if it is not there.
 */
export type OpenMode = "r" | "r+" | "w" | "w+" | "a" | "a+" | "x" | "x+";

/** How a file is opened. */
export interface OpenOptions extends WaitOptions {
  /** By default `r`. */
  readonly mode?: OpenMode | undefined;
  /** Permission bits of a file that is made, by default 0o666; the process's umask applies. */
  readonly permissions?: number | undefined;
}

const NOTHING = {
  read: false,
  write: false,
  append: false,
  create: false,
  exclusive: false,
  truncate: false,
};
const READ = { ...NOTHING, read: true };
const WRITE = { ...NOTHING, write: true, create: true, truncate: true };
const APPEND = { ...NOTHING, append: true, create: true };
const EXCLUSIVE = { ...NOTHING, write: true, create: true, exclusive: true };

const MODES: Readonly<Record<OpenMode, RawOpenOptions>> = {
  r: READ,
  "r+": { ...READ, write: true },
  w: WRITE,
  "w+": { ...WRITE, read: true },
  a: APPEND,
  "a+": { ...APPEND, read: true },
  x: EXCLUSIVE,
  "x+": { ...EXCLUSIVE, read: true },
};

/** How the system is to open it. */
export function rawOptions(action: string, mode: OpenMode, permissions: number | undefined): RawOpenOptions {
  if (!Object.hasOwn(MODES, mode)) {
    throw new TypeError(
      `Cannot ${action}: mode must be one of ${Object.keys(MODES).join(", ")}, received ${show(mode)}`,
    );
  }
  return { ...MODES[mode], ...checkPermissions(action, permissions) };
}

/**
 * Opens a file. It is the caller's to close.
 *
 * **Cancellation** A file that is open too late is closed. (One that was to be made is then made, or emptied.)
 *
 * **Throws** OSError that names the path, as `ENOENT`, `EEXIST`, `EISDIR`; UnsupportedError where the backend has no files.
 * TypeError and RangeError for bad arguments, at once.
 */
export function openFile(path: string, options: OpenOptions = {}): Promise<File> {
  const { mode = "r", permissions, signal } = options;
  checkPath("open the file", path);
  const how = rawOptions("open the file", mode, permissions);
  return perform<File>(
    () =>
      capability("fs", "open the file", signal)
        .open(path, how)
        .then((raw) => new OpenedFile(raw, path)),
    {
      signal,
      waitingFor: `${path} to open`,
      discard: (late) => late.closeForcefully(),
    },
  );
}
