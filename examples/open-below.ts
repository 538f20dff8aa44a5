import { isError, openFile, stat, type File, type FileStat } from "arborio";

/** Codes of what is no file for whoever asks. */
const NONE = new Set(["EACCES", "EINVAL", "ELOOP", "ENAMETOOLONG", "ENOENT", "ENOTDIR", "EPERM"]);

/**
 * Opens a file below a directory for whoever asks; undefined if there is none. Names that could lead out are none, and links
 * are not followed: they might lead out too.
 */
export async function openBelow(directory: string, names: readonly string[]): Promise<File | undefined> {
  let path = directory;
  let found: FileStat | undefined;
  for (const name of names) {
    if (!isName(name) || (found !== undefined && found.kind !== "directory")) return undefined;
    path += `/${name}`;
    found = await stat(path, { followLinks: false }).catch(undefinedIfMissing);
    if (found === undefined) return undefined;
  }
  return found?.kind === "file" ? openSame(path, found) : undefined;
}

/** Whether it is the name of something in a directory, on whatever system. */
function isName(name: string): boolean {
  return !["", ".", ".."].includes(name) && !/[\0/\\]/.test(name);
}

/** The file that was looked at: since then it may have been exchanged, by a link perhaps. */
async function openSame(path: string, { identity }: FileStat): Promise<File | undefined> {
  const file = await openFile(path).catch(undefinedIfMissing);
  if (file === undefined) return undefined;
  try {
    if ((await file.stat()).identity === identity) return file;
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
  await file[Symbol.asyncDispose]();
  return undefined;
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isError(error, "OSError") || !NONE.has(error.code)) throw error;
}
