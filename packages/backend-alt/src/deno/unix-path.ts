import type { DenoHost } from "./host-types.ts";
import { attempted, osError, type Attempt } from "./os-error.ts";

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

/** What is at a path; undefined if nothing is, or it cannot be known. */
export function identityOf(deno: DenoHost, path: string): string | undefined {
  try {
    const { dev, ino } = deno.lstatSync(path);
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return undefined;
  }
}

/**
 * Listens at `path` with permissions of its own: in a directory where nobody else can connect, which the socket leaves only
 * when they are set. The system then knows the socket by its first name.
 */
export async function withMode<L extends { close(): void }>(
  deno: DenoHost,
  path: string,
  mode: number,
  attempt: Attempt,
  listen: (hidden: string) => L,
): Promise<L> {
  const slash = path.lastIndexOf("/");
  const dir = slash < 0 ? "." : path.slice(0, slash + 1);
  const directory = await attempted(deno.makeTempDir({ dir, prefix: "." }), attempt);
  const hidden = `${directory}/s`;
  try {
    checkLength(deno, hidden, attempt);
    const listener = listen(hidden);
    await publish(deno, hidden, path, mode).catch((error: unknown) => {
      listener.close();
      throw inUse(error, attempt);
    });
    return listener;
  } finally {
    await deno.remove(directory, { recursive: true }).catch(() => {});
  }
}

async function publish(deno: DenoHost, hidden: string, path: string, mode: number): Promise<void> {
  await deno.chmod(hidden, mode);
  // Not by renaming: that would replace what is there.
  await deno.link(hidden, path);
}

function inUse(error: unknown, attempt: Attempt): Error {
  const { code } = osError(error, attempt);
  return osError(code === "EEXIST" ? { code: "EADDRINUSE" } : error, attempt);
}

/** Closes a listener at `path` and removes its name, unless something else is there by now. */
export function closeAt(deno: DenoHost, path: string, identity: string | undefined, close: () => void): void {
  const found = identityOf(deno, path);
  const foreign = found !== undefined && found !== identity;
  const aside = `${path}.${crypto.randomUUID()}`;
  // The host removes the name it bound, whatever is there: that is moved out of its way.
  const moved = foreign && could(() => deno.renameSync(path, aside));
  close();
  if (moved) could(() => deno.renameSync(aside, path));
  else if (!foreign) could(() => deno.removeSync(path));
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
