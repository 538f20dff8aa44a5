import { isError } from "@arborio/core";
import type { RawListener, RawSocket, UnixAddress, UnixBackend } from "@arborio/core/backend";
import { isAbstract } from "./unix-stream.ts";

export type RawUnixListener = RawListener<RawSocket<UnixAddress>, UnixAddress>;
/** No chain of claims, each on what a dead holder left, is this long, but where a file system tells no two files apart. */
const DEEPEST = 8;

type Where = Parameters<UnixBackend["listen"]>[0];

/**
 * Listens at a path; a socket that is there, and on which nobody listens, is removed first.
 *
 * Several programs may find the same socket left, at the same time. A name cannot be removed only if it is still that socket's,
 * so whoever removes it holds a claim on the socket: a listener of its own, beside the path, at a name made of the socket's
 * identity. Nobody else removes that socket meanwhile, and whoever comes later finds another one at the path, or none. A
 * claim whose holder died is itself a socket that was left, and is taken over in the same way.
 *
 * Invariant: a path is removed only by who listens there, and by the holder of the claim on the socket that is there, who has
 * seen since it holds it that nobody listens.
 *
 * @param depth 0 for a path, 1 for a claim on what is there, 2 for a claim on that
 * @throws OSError `EADDRINUSE` if somebody listens there, or removes what is there at this moment
 */
export async function listenAt(
  unix: UnixBackend,
  where: Where,
  signal: AbortSignal,
  depth: number = 0,
): Promise<RawUnixListener> {
  for (;;) {
    try {
      return await unix.listen(where);
    } catch (error) {
      signal.throwIfAborted();
      const final = !isInUse(error) || isAbstract(where.path) || depth === DEEPEST;
      if (final || !(await clear(unix, where.path, signal, depth))) throw error;
    }
  }
}

/** Removes the socket that was left at the path; whether it did, or it is gone by itself. */
async function clear(unix: UnixBackend, path: string, signal: AbortSignal, depth: number): Promise<boolean> {
  const left = await unix.identify(path);
  if (left === undefined) return false;
  const state = await stateOf(unix, path, signal);
  if (state !== "left") return state === "gone";
  const claim = await claimOn(unix, path, left, signal, depth + 1);
  if (claim === undefined) return false;
  try {
    if ((await unix.identify(path)) !== left || (await stateOf(unix, path, signal)) !== "left") return false;
    await unix.remove(path, left);
    return true;
  } finally {
    await claim.close();
  }
}

/** The claim on a socket, to be closed; undefined if another has it, or there is no room for its name. */
async function claimOn(
  unix: UnixBackend,
  path: string,
  identity: string,
  signal: AbortSignal,
  depth: number,
): Promise<RawUnixListener | undefined> {
  const beside = path.slice(0, path.lastIndexOf("/") + 1);
  try {
    return await listenAt(unix, { path: `${beside}.${digest(identity)}` }, signal, depth);
  } catch (error) {
    if (isInUse(error) || codeOf(error) === "ENAMETOOLONG") return undefined;
    throw error;
  }
}

/** Seven characters: paths are short. That two identities have the same is no harm, they then share their claim. */
function digest(text: string): string {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
  return hash.toString(36);
}

/** Whether somebody listens there. One that cannot be asked counts as one that does. */
async function stateOf(
  unix: UnixBackend,
  path: string,
  signal: AbortSignal,
): Promise<"lives" | "left" | "gone"> {
  try {
    await (await unix.connect(path, signal)).close({ abort: true });
  } catch (error) {
    signal.throwIfAborted();
    if (codeOf(error) === "ECONNREFUSED") return "left";
    if (codeOf(error) === "ENOENT") return "gone";
  }
  return "lives";
}

function isInUse(error: unknown): boolean {
  return codeOf(error) === "EADDRINUSE";
}

function codeOf(error: unknown): string | undefined {
  return isError(error, "OSError") ? error.code : undefined;
}
