import { isError, type WaitOptions } from "@arborio/core";
import type { FileKind, FileStat } from "@arborio/core/backend";
import { capability, perform } from "@arborio/core/lowlevel";
import { checkPath } from "./arguments.ts";

export type { FileKind, FileStat };

/** Of what. */
export interface StatOptions extends WaitOptions {
  /** By default true; false: of a symbolic link itself. */
  readonly followLinks?: boolean | undefined;
}

/**
 * What is known of a path: kind, size, permissions, times.
 *
 * **Throws** OSError that names the path, as `ENOENT`.
 */
export function stat(path: string, options: StatOptions = {}): Promise<FileStat> {
  checkPath("stat", path);
  return perform(() => statNow(path, options), { signal: options.signal, waitingFor: `the stat of ${path}` });
}

/** Whether there is something at a path; of a symbolic link, at its end (unless `followLinks` is false). */
export function exists(path: string, options: StatOptions = {}): Promise<boolean> {
  checkPath("look for", path);
  return perform(() => statNow(path, options).then(yes, noIfMissing), {
    signal: options.signal,
    waitingFor: `the stat of ${path}`,
  });
}

function statNow(path: string, { followLinks = true, signal }: StatOptions): Promise<FileStat> {
  return capability("fs", "stat", signal).stat(path, followLinks);
}

const yes = (): true => true;

// ENOTDIR: a part of the path before the last is no directory, so nothing is there.
function noIfMissing(error: unknown): false {
  if (isError(error, "OSError") && (error.code === "ENOENT" || error.code === "ENOTDIR")) return false;
  throw error;
}
