import type { RawListener, RawSocket, UnixAddress, UnixBackend } from "@arborio/core/backend";
import { lstat, rm } from "node:fs/promises";
import type { Server, Socket } from "node:net";
import { connected } from "./connect.ts";
import { DEFAULT_BACKLOG, listening, NodeListener } from "./listener.ts";
import { attempted, osError } from "./os-error.ts";
import { NodeStreamSocket } from "./socket.ts";
import { checkLength, closeAt, identityOf, isAbstract, withMode } from "./unix-path.ts";

/** UNIX sockets over `node:net`. */
export const unix: UnixBackend = { connect, listen, remove };

async function connect(path: string, signal: AbortSignal): Promise<RawSocket<UnixAddress>> {
  const attempt = { syscall: "connect", path };
  checkLength(path, attempt);
  const socket = await connected({ path }, attempt, signal);
  return new NodeStreamSocket(socket, {
    localAddress: { path: undefined },
    remoteAddress: { path },
    named: { path },
  });
}

async function listen({
  path,
  backlog = DEFAULT_BACKLOG,
  mode,
}: Parameters<UnixBackend["listen"]>[0]): Promise<RawListener<RawSocket<UnixAddress>, UnixAddress>> {
  const attempt = { syscall: "listen", path };
  checkLength(path, attempt);
  // Made before anyone can connect: a connection that found no listener of the server's would be lost.
  const at = async (where: string): Promise<UnixListener> => {
    const server = await listening({ path: where, backlog }, attempt);
    return new UnixListener(server, backlog, path, identityOf(where));
  };
  return mode === undefined ? at(path) : withMode(path, mode, attempt, at, (listener) => listener.abandon());
}

class UnixListener extends NodeListener<RawSocket<UnixAddress>, UnixAddress> {
  private readonly identity: string | undefined;

  /** @param identity what `path` is, or will be */
  constructor(server: Server, backlog: number, path: string, identity: string | undefined) {
    super(server, backlog, { path }, { path }, (socket) => accepted(socket, path));
    this.identity = identity;
  }

  /** Closes one that never had its path. */
  abandon(): void {
    super.release();
  }

  protected override release(): void {
    const path = this.localAddress.path!;
    if (isAbstract(path)) super.release();
    else closeAt(path, this.identity, () => super.release());
  }
}

// Node does not tell the peer's name; hardly any has one.
function accepted(socket: Socket, path: string): RawSocket<UnixAddress> {
  return new NodeStreamSocket(socket, {
    localAddress: { path },
    remoteAddress: { path: undefined },
    named: { path },
  });
}

async function remove(path: string): Promise<void> {
  const attempt = { syscall: "unlink", path };
  try {
    if ((await lstat(path)).isSocket()) await attempted(rm(path, { force: true }), attempt);
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ENOENT") throw osError(error, attempt);
  }
}
