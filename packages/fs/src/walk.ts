import { isError, type WaitOptions } from "@arborio/core";
import { capability } from "@arborio/core/lowlevel";
import { checkPath } from "./arguments.ts";
import { readDirectory, type DirectoryEntry } from "./directories.ts";
import { stat, type FileKind } from "./stat.ts";

/** How a tree is walked. */
export interface WalkOptions extends WaitOptions {
  /** Also go into directories that symbolic links point to, but not into one that it is in already. By default false. */
  readonly followLinks?: boolean | undefined;
}

/** What a walk comes by. */
export interface WalkEntry {
  /** Begins with the path that was given to `walk`. */
  readonly path: string;
  readonly name: string;
  /** Of the entry itself: a symbolic link is one, followed or not. */
  readonly kind: FileKind;
}

/**
 * All that is in a directory and in those below it, without the directory itself: each before what is in it, and by name
 * in the order of their code units. So two walks of one tree are the same.
 *
 * A directory is read when the walk comes to it; one that has gone by then is passed over. Nothing is open between two entries.
 *
 * **Cancellation** Each step is a checkpoint. In a loop over a large tree, the body's too.
 *
 * **Throws** OSError that names the path, as `ENOENT` for `path` itself or `EACCES` for any below.
 */
export function walk(path: string, options: WalkOptions = {}): AsyncIterableIterator<WalkEntry> {
  checkPath("walk", path);
  return entriesOf(path, options);
}

/** A directory to be read, and the identities of those it is in: into one of them no link is followed. */
interface Folder {
  readonly path: string;
  readonly within: readonly string[];
}

async function* entriesOf(root: string, options: WalkOptions): AsyncGenerator<WalkEntry, void> {
  const { separator } = capability("fs", "walk", options.signal);
  const folder = { path: root, within: await identity(root, options) };
  const pending: (WalkEntry & { readonly folder: Folder })[] = [];
  const push = (inside: Folder, entries: readonly DirectoryEntry[]): void => {
    const base = inside.path.endsWith(separator) ? inside.path : inside.path + separator;
    for (const { name, kind } of entries.toReversed())
      pending.push({ path: base + name, name, kind, folder: inside });
  };
  push(folder, await readDirectory(root, options));
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { path, name, kind } = entry;
    yield { path, name, kind };
    const inside = await folderAt(path, kind, entry.folder, options);
    if (inside !== undefined) push(inside, await entriesIfThere(inside.path, options));
  }
}

/** The folder that an entry leads into, if any. */
async function folderAt(
  path: string,
  kind: FileKind,
  parent: Folder,
  options: WalkOptions,
): Promise<Folder | undefined> {
  if (options.followLinks !== true) return kind === "directory" ? { path, within: [] } : undefined;
  if (kind !== "directory" && kind !== "symlink") return undefined;
  const found = await ifThere(stat(path, { signal: options.signal }));
  if (found?.kind !== "directory") return undefined;
  if (found.identity === undefined) return kind === "directory" ? { path, within: parent.within } : undefined;
  if (parent.within.includes(found.identity)) return undefined;
  return { path, within: [...parent.within, found.identity] };
}

async function identity(path: string, { followLinks, signal }: WalkOptions): Promise<string[]> {
  const found = followLinks === true ? (await stat(path, { signal })).identity : undefined;
  return found === undefined ? [] : [found];
}

async function entriesIfThere(path: string, { signal }: WaitOptions): Promise<DirectoryEntry[]> {
  return (await ifThere(readDirectory(path, { signal }))) ?? [];
}

// Between being listed and being looked at an entry may go, and a link's end may never have been there.
async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isError(error, "OSError") && (error.code === "ENOENT" || error.code === "ELOOP")) return undefined;
    throw error;
  }
}
