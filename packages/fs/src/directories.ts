import type { WaitOptions } from "@arborio/core";
import type { DirectoryEntry } from "@arborio/core/backend";
import { capability, perform, performShielded } from "@arborio/core/lowlevel";
import { checkPath, checkPermissions } from "./arguments.ts";

export type { DirectoryEntry };

/** How a directory is made. */
export interface MkdirOptions extends WaitOptions {
  /** Also make the directories it is in; then it is no error if it is there. By default false. */
  readonly recursive?: boolean | undefined;
  /** By default 0o777; the process's umask applies. */
  readonly permissions?: number | undefined;
}

/** How something is removed. */
export interface RemoveOptions extends WaitOptions {
  /** Also what is in a directory. By default false. */
  readonly recursive?: boolean | undefined;
}

/**
 * Makes a directory.
 *
 * **Cancellation** Once begun it is waited for: the system cannot stop it. The cancellation is seen at the next checkpoint.
 *
 * **Throws** OSError that names the path, as `EEXIST`, `ENOENT`, `ENOTDIR`.
 */
export function mkdir(
  path: string,
  { recursive = false, permissions, signal }: MkdirOptions = {},
): Promise<void> {
  checkPath("make the directory", path);
  const options = { recursive, ...checkPermissions("make the directory", permissions) };
  return performShielded(() => capability("fs", "make the directory", signal).makeDirectory(path, options), {
    signal,
    waitingFor: `the directory ${path} to be made`,
  });
}

/**
 * Removes a file, a symbolic link or an empty directory; with `recursive` all that is in a directory too, but not what its
 * links point to.
 *
 * **Cancellation** Once begun it is waited for: the system cannot stop it. The cancellation is seen at the next checkpoint.
 *
 * **Throws** OSError that names the path, as `ENOENT`, `ENOTEMPTY`.
 */
export function remove(path: string, { recursive = false, signal }: RemoveOptions = {}): Promise<void> {
  checkPath("remove", path);
  return performShielded(() => capability("fs", "remove", signal).remove(path, { recursive }), {
    signal,
    waitingFor: `${path} to be removed`,
  });
}

/**
 * What is in a directory, by name in the order of their code units, the same on every system.
 *
 * **Throws** OSError that names the path, as `ENOENT`, `ENOTDIR`.
 */
export function readDirectory(path: string, { signal }: WaitOptions = {}): Promise<DirectoryEntry[]> {
  checkPath("read the directory", path);
  return perform(() => capability("fs", "read the directory", signal).readDirectory(path).then(sorted), {
    signal,
    waitingFor: `the entries of ${path}`,
  });
}

function sorted(entries: readonly DirectoryEntry[]): DirectoryEntry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
}
