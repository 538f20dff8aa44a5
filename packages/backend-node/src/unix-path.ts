import { lstatSync, unlinkSync } from "node:fs";
import { chmod, link, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { attempted, codeOf, osError, type Attempt } from "./os-error.ts";

/**
 * A path as it is, if it fits: Node 20 cuts what does not, and would use another.
 * @throws OSError `ENAMETOOLONG`
 */
export function checkLength(path: string, attempt: Attempt): void {
  // Of the system's 108 bytes, 104 on the BSDs, one ends a path, or begins an abstract name.
  const most = (process.platform === "linux" ? 107 : 103) + (isAbstract(path) ? 1 : 0);
  if (path.length > most || Buffer.byteLength(path) > most) throw osError({ code: "ENAMETOOLONG" }, attempt);
}

/** A name of Linux that is no file. */
export function isAbstract(path: string): boolean {
  return path.startsWith("\0");
}

/**
 * What tells the socket at a path from others; undefined if no socket is there, or it cannot be known. Systems use the number
 * of a file again when the file is gone: the time, to which nobody writes, tells such two apart.
 */
export function identityOf(path: string): string | undefined {
  try {
    const stats = lstatSync(path);
    const made = Math.floor(stats.mtimeMs);
    return stats.isSocket() ? [stats.dev, stats.ino, made].join(":") : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the name of a socket, if it is still that socket's. */
export function removeSocket(path: string, identity: string): void {
  if (identityOf(path) === identity) unlinkSync(path);
}

/**
 * Listens in a directory where nobody else can connect, beside the path, and only then links the socket to the path, with its
 * permissions, if they are given. So the path is there only when the socket listens, and closing it makes the host remove
 * the first name, which is gone by then, and not the path, which may be another's by then. The system knows the socket by
 * its first name.
 *
 * @throws OSError `EADDRINUSE` if the path is there
 */
export async function publish<T>(
  path: string,
  mode: number | undefined,
  attempt: Attempt,
  listen: (hidden: string) => Promise<T>,
  undo: (listener: T) => void,
): Promise<T> {
  const directory = await attempted(mkdtemp(`${dirname(path)}/.`), attempt);
  const hidden = join(directory, "s");
  try {
    checkLength(hidden, attempt);
    const listener = await listen(hidden);
    await linkTo(path, hidden, mode).catch((error: unknown) => {
      undo(listener);
      throw codeOf(error) === "EEXIST" ? osError({ code: "EADDRINUSE" }, attempt) : osError(error, attempt);
    });
    return listener;
  } finally {
    await rm(directory, { recursive: true }).catch(() => {});
  }
}

async function linkTo(path: string, hidden: string, mode: number | undefined): Promise<void> {
  if (mode !== undefined) await chmod(hidden, mode);
  // Not by renaming: that would replace what is there.
  await link(hidden, path);
}
