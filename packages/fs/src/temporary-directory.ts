import { isError, TaskGroupError, type WaitOptions } from "@arborio/core";
import { shield } from "@arborio/cancellation";
import { capability, performShielded, settling, show, wrongType } from "@arborio/core/lowlevel";
import { checkPath } from "./arguments.ts";
import { remove } from "./directories.ts";

/** Where a temporary directory is made. */
export interface TemporaryDirectoryOptions extends WaitOptions {
  /** How its name begins; by default `arborio-`. */
  readonly prefix?: string | undefined;
  /** The directory it is made in; by default the system's for such. */
  readonly parent?: string | undefined;
}

/** A directory that is removed, with all that is in it, when it is disposed. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a directory for this user alone, runs `fn` with its path, and gives `fn`'s value. Then the directory is removed
 * with all that is in it, whatever happened, and this returns when it is gone.
 *
 * **Cancellation** Removing is shielded.
 *
 * **Throws** what `fn` throws; OSError if it cannot be made or removed; both as one TaskGroupError.
 */
export function temporaryDirectory<T>(
  fn: (path: string) => T | PromiseLike<T>,
  options: TemporaryDirectoryOptions = {},
): Promise<T> {
  if (typeof fn !== "function") {
    throw wrongType("use a temporary directory", "it takes a function", fn);
  }
  return settling(use(fn, make(options)), (value) => value);
}

/** As {@link temporaryDirectory}, to be disposed by the caller: `await using folder = await openTemporaryDirectory()`. */
export function openTemporaryDirectory(options: TemporaryDirectoryOptions = {}): Promise<TemporaryDirectory> {
  return settling(make(options), (path) => ({ path, [Symbol.asyncDispose]: () => removeShielded(path) }));
}

function make({ prefix = "arborio-", parent, signal }: TemporaryDirectoryOptions): Promise<string> {
  if (typeof prefix !== "string" || /[/\\\0]/.test(prefix)) {
    throw new TypeError(
      `Cannot make a temporary directory: prefix must be a part of a name, received ${show(prefix)}`,
    );
  }
  const where = parent === undefined ? {} : { parent: checkPath("make a temporary directory", parent) };
  return performShielded(
    () => capability("fs", "make a temporary directory", signal).makeTemporaryDirectory({ prefix, ...where }),
    {
      signal,
      waitingFor: "a temporary directory",
    },
  );
}

async function use<T>(fn: (path: string) => T | PromiseLike<T>, made: Promise<string>): Promise<T> {
  const path = await made;
  let value: T;
  try {
    value = await fn(path);
  } catch (error) {
    throw await removeAfter(path, error);
  }
  await removeShielded(path);
  return value;
}

/** Removes; gives the error to throw: a second one must not hide the first. */
async function removeAfter(path: string, error: unknown): Promise<unknown> {
  try {
    await removeShielded(path);
    return error;
  } catch (second) {
    return new TaskGroupError(
      [error, second],
      `Cannot remove the temporary directory ${path} after a failure`,
    );
  }
}

function removeShielded(path: string): Promise<void> {
  return shield(({ signal }) => remove(path, { recursive: true, signal })).catch(unlessMissing);
}

function unlessMissing(error: unknown): void {
  if (!isError(error, "OSError") || error.code !== "ENOENT") throw error;
}
