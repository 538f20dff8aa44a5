import type { WaitOptions } from "@arborio/core";
import { perform } from "@arborio/core/lowlevel";
import { checkCount, checkPath, checkRange } from "./arguments.ts";
import { netPart } from "./backend.ts";
import { listenAt } from "./clear-path.ts";
import { UnixSocketListener, type UnixListener } from "./unix-listener.ts";
import { isAbstract, shownPath } from "./unix-stream.ts";

/** How a UNIX listener listens. */
export interface UnixListenerOptions extends WaitOptions {
  /** Permission bits of the socket, as `0o600`; by default the system's, less the umask. Who may write may connect. */
  readonly mode?: number | undefined;
  /** How many connections may wait to be accepted; by default the system's choice, which also caps it. */
  readonly backlog?: number | undefined;
}

const ACTION = "listen on the UNIX socket";

/**
 * Listens for connections by a UNIX socket. The listener is the caller's to close, which removes the path, unless something
 * else is there by then.
 *
 * A socket that was left there, on which nobody listens, is removed first; what is no socket is not, nor is that of a
 * listener that lives: to find out it is connected to. Of several programs that start at once over such a socket, one has the path.
 * (AnyIO takes the path from a listener that lives.)
 *
 * **Cancellation** A listener that is ready too late is closed.
 *
 * **Throws** OSError that names the path: `EADDRINUSE`, `ENOENT` and `EACCES` of its directory, `ENAMETOOLONG` from about 104
 * bytes on; UnsupportedError where the backend has no UNIX sockets. TypeError and RangeError for a bad path or options, at once.
 *
 * @param path an abstract name of Linux begins with `\0`: it is no file, and takes no `mode`
 */
export function createUnixListener(
  path: string,
  { mode, backlog, signal }: UnixListenerOptions = {},
): Promise<UnixListener> {
  checkPath(ACTION, path);
  if (mode !== undefined) checkRange(ACTION, "mode", mode, 0, 0o777);
  if (mode !== undefined && isAbstract(path))
    throw new TypeError(`Cannot ${ACTION}: an abstract name has no mode, received ${String(mode)}`);
  if (backlog !== undefined) checkCount(ACTION, "backlog", backlog);
  return perform<UnixListener>(
    (aborted) =>
      listenAt(netPart("unix", ACTION, signal), { path, mode, backlog }, aborted).then(
        (raw) => new UnixSocketListener(raw),
      ),
    {
      signal,
      waitingFor: `${shownPath(path)} to listen`,
      discard: (late) => late.closeForcefully(),
    },
  );
}
