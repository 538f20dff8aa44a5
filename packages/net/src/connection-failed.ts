import { ConnectionFailed, isError } from "@arborio/core";
import { settling } from "@arborio/core/lowlevel";

/**
 * An attempt of a connectable: who uses one knows no addresses and no system calls, only that there is no connection.
 *
 * @param message by default the system's error's
 */
export function connecting<S>(attempt: Promise<S>, message?: string): Promise<S> {
  return settling(
    attempt,
    (stream) => stream,
    (cause) => {
      if (!isError(cause, "OSError")) throw cause;
      throw new ConnectionFailed(message ?? cause.message, { cause });
    },
  );
}
