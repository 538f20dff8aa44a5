import type { RawListener, RawSocket, UnixAddress, UnixBackend } from "@arborio/core/backend";
import type { Server, Socket } from "node:net";
import { connected } from "./connect.ts";
import { DEFAULT_BACKLOG, listening, NodeListener } from "./listener.ts";
import { codeOf, osError } from "./os-error.ts";
import { NodeStreamSocket } from "./socket.ts";
import { checkLength, identityOf, isAbstract, publish, removeSocket } from "./unix-path.ts";

/** UNIX sockets over `node:net`. */
export const unix: UnixBackend = {
  connect,
  listen,
  identify: async (path) => identityOf(path),
  remove,
};

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
  if (isAbstract(path)) return at(path);
  try {
    return await publish(path, mode, attempt, at, (listener) => listener.abandon());
  } catch (error) {
    if (mode !== undefined || codeOf(error) === "EADDRINUSE") throw error;
    // No room for a longer name, no right to make another one, no hard links: then in its place, as the host does it.
    return at(path);
  }
}

class UnixListener extends NodeListener<RawSocket<UnixAddress>, UnixAddress> {
  private readonly identity: string | undefined;

  /** @param identity of the socket, wherever it is by now */
  constructor(server: Server, backlog: number, path: string, identity: string | undefined) {
    super(server, backlog, { path }, { path }, (socket) => accepted(socket, path));
    this.identity = identity;
  }

  /** Closes one that never had its path. */
  abandon(): void {
    super.release();
  }

  protected override release(): void {
    // First the path, while the socket answers at it: until then nobody takes it for a socket that was left there.
    if (this.identity !== undefined) void remove(this.localAddress.path!, this.identity).catch(() => {});
    super.release();
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

async function remove(path: string, identity: string): Promise<void> {
  try {
    removeSocket(path, identity);
  } catch (error) {
    throw osError(error, { syscall: "unlink", path });
  }
}
