import type { WaitOptions } from "@arborio/core";
import { perform } from "@arborio/core/lowlevel";
import { checkPath } from "./arguments.ts";
import { netPart } from "./backend.ts";
import { shownPath, UnixSocketStream, type UnixStream } from "./unix-stream.ts";

const ACTION = "connect to the UNIX socket";

/**
 * Connects to a UNIX socket. The stream is the caller's to close.
 *
 * **Cancellation** The attempt ends, and what it opened is closed.
 *
 * **Throws** OSError that names the path: `ENOENT`, `ECONNREFUSED` if nobody listens there, `EACCES`, `ENAMETOOLONG`;
 * UnsupportedError where the backend has no UNIX sockets. TypeError for a bad path, at once.
 *
 * @param path an abstract name of Linux begins with `\0`
 */
export function connectUnix(path: string, { signal }: WaitOptions = {}): Promise<UnixStream> {
  checkPath(ACTION, path);
  return perform<UnixStream>(
    (aborted) =>
      netPart("unix", ACTION, signal)
        .connect(path, aborted)
        .then((raw) => new UnixSocketStream(raw)),
    {
      signal,
      waitingFor: `a connection by ${shownPath(path)}`,
      discard: (late) => late.closeForcefully(),
    },
  );
}
