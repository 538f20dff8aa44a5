import type { DenoHost } from "./host-types.ts";
import { attempted, codeOf, osError, type Attempt } from "./os-error.ts";

/**
 * A path as it is, if it fits.
 * @throws OSError `ENAMETOOLONG`
 */
export function checkLength(deno: DenoHost, path: string, attempt: Attempt): void {
  // Of the system's 108 bytes, 104 on the BSDs, one ends a path, or begins an abstract name.
  const most = (deno.build.os === "linux" ? 107 : 103) + (isAbstract(path) ? 1 : 0);
  const long = path.length > most || new TextEncoder().encode(path).length > most;
  if (long) throw osError({ code: "ENAMETOOLONG" }, attempt);
}

/** A name of Linux that is no file. */
export function isAbstract(path: string): boolean {
  return path.startsWith("\0");
}

/**
 * What tells the socket at a path from others; undefined if no socket is there, or it cannot be known. Systems use the number
 * of a file again when the file is gone: the time, to which nobody writes, tells such two apart.
 */
export function identityOf(deno: DenoHost, path: string): string | undefined {
  try {
    const { isSocket, dev, ino, mtime } = deno.lstatSync(path);
    return isSocket === true ? [dev, ino, mtime?.getTime()].join(":") : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the name of a socket, if it is still that socket's. */
export function removeSocket(deno: DenoHost, path: string, identity: string): void {
  if (identityOf(deno, path) === identity) deno.removeSync(path);
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
  deno: DenoHost,
  path: string,
  mode: number | undefined,
  attempt: Attempt,
  listen: (hidden: string) => T,
  undo: (listener: T) => void,
): Promise<T> {
  const slash = path.lastIndexOf("/");
  const dir = slash < 0 ? "." : path.slice(0, slash + 1);
  const directory = await attempted(deno.makeTempDir({ dir, prefix: "." }), attempt);
  const hidden = `${directory}/s`;
  try {
    checkLength(deno, hidden, attempt);
    const listener = listen(hidden);
    await linkTo(deno, path, hidden, mode).catch((error: unknown) => {
      undo(listener);
      throw codeOf(error) === "EEXIST" ? osError({ code: "EADDRINUSE" }, attempt) : osError(error, attempt);
    });
    return listener;
  } finally {
    await deno.remove(directory, { recursive: true }).catch(() => {});
  }
}

async function linkTo(deno: DenoHost, path: string, hidden: string, mode: number | undefined): Promise<void> {
  if (mode !== undefined) await deno.chmod(hidden, mode);
  // Not by renaming: that would replace what is there.
  await deno.link(hidden, path);
}
