import type { WaitOptions } from "@arborio/core";
import type { Connectable } from "@arborio/streams";
import { checkPath } from "./arguments.ts";
import { connectUnix } from "./connect-unix.ts";
import { connecting } from "./connection-failed.ts";
import { shownPath, type UnixStream } from "./unix-stream.ts";

/** A UNIX socket to connect to, as {@link connectUnix} does. */
export class UnixConnectable implements Connectable<UnixStream> {
  readonly path: string;

  constructor(path: string) {
    this.path = checkPath("make a connectable", path);
  }

  /** **Throws** ConnectionFailed, the OSError as its cause. */
  connect(options?: WaitOptions): Promise<UnixStream> {
    return connecting(connectUnix(this.path, options), `Cannot connect to ${shownPath(this.path)}`);
  }
}
