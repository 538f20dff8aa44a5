import { lstatSync, renameSync, rmSync } from "node:fs";
import { chmod, link, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { attempted, osError, type Attempt } from "./os-error.ts";

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

/** What is at a path; undefined if nothing is, or it cannot be known. */
export function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = lstatSync(path, { bigint: true });
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return undefined;
  }
}

/**
 * Listens at `path` with permissions of its own: in a directory where nobody else can connect, which the socket leaves only
 * when they are set. The system then knows the socket by its first name.
 */
export async function withMode<T>(
  path: string,
  mode: number,
  attempt: Attempt,
  listen: (hidden: string) => Promise<T>,
  undo: (listener: T) => void,
): Promise<T> {
  const directory = await attempted(mkdtemp(`${dirname(path)}/.`), attempt);
  const hidden = join(directory, "s");
  try {
    checkLength(hidden, attempt);
    const listener = await listen(hidden);
    await publish(hidden, path, mode).catch((error: unknown) => {
      undo(listener);
      throw inUse(error, attempt);
    });
    return listener;
  } finally {
    await rm(directory, { recursive: true }).catch(() => {});
  }
}

async function publish(hidden: string, path: string, mode: number): Promise<void> {
  await chmod(hidden, mode);
  // Not by renaming: that would replace what is there.
  await link(hidden, path);
}

function inUse(error: unknown, attempt: Attempt): Error {
  const { code } = error as { code?: unknown };
  return osError(code === "EEXIST" ? { code: "EADDRINUSE" } : error, attempt);
}

/** Closes a listener at `path` and removes its name, unless something else is there by now. */
export function closeAt(path: string, identity: string | undefined, close: () => void): void {
  const found = identityOf(path);
  const foreign = found !== undefined && found !== identity;
  const aside = `${path}.${crypto.randomUUID()}`;
  // The host removes the name it bound, whatever is there: that is moved out of its way.
  const moved = foreign && could(() => renameSync(path, aside));
  close();
  if (moved) could(() => renameSync(aside, path));
  else if (!foreign) could(() => rmSync(path, { force: true }));
}

/** Whether it could be done: closing goes on if not. */
function could(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
