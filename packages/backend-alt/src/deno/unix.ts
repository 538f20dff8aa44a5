import type { RawListener, RawSocket, UnixAddress, UnixBackend } from "@arborio/core/backend";
import type { DenoHost, DenoUnixConnection, DenoUnixListener } from "./host-types.ts";
import { DenoRawListener } from "./listener.ts";
import { attempted, codeOf, osError } from "./os-error.ts";
import { DenoStreamSocket } from "./socket.ts";
import { checkLength, identityOf, isAbstract, publish, removeSocket } from "./unix-path.ts";

const transport = "unix";

/** UNIX sockets over `Deno.connect` and `Deno.listen`. */
export function createUnix(deno: DenoHost): UnixBackend {
  return {
    connect: (path, signal) => connect(deno, path, signal),
    listen: (options) => listen(deno, options),
    identify: async (path) => identityOf(deno, path),
    remove: (path, identity) => remove(deno, path, identity),
  };
}

async function connect(deno: DenoHost, path: string, signal: AbortSignal): Promise<RawSocket<UnixAddress>> {
  const attempt = { syscall: "connect", path };
  signal.throwIfAborted();
  checkLength(deno, path, attempt);
  const connection = await attempted(deno.connect({ transport, path, signal }), attempt);
  // Deno does not look at the signal of this kind.
  if (signal.aborted) connection.close();
  signal.throwIfAborted();
  return new DenoStreamSocket(connection, {
    localAddress: { path: undefined },
    remoteAddress: { path },
    named: { path },
  });
}

// Deno sets the backlog itself.
async function listen(
  deno: DenoHost,
  { path, mode }: Parameters<UnixBackend["listen"]>[0],
): Promise<RawListener<RawSocket<UnixAddress>, UnixAddress>> {
  const attempt = { syscall: "listen", path };
  checkLength(deno, path, attempt);
  const at = (where: string): DenoRawUnixListener => {
    try {
      const listener = deno.listen({ transport, path: where });
      return new DenoRawUnixListener(deno, listener, path, identityOf(deno, where));
    } catch (error) {
      throw osError(error, attempt);
    }
  };
  if (isAbstract(path)) return at(path);
  try {
    return await publish(deno, path, mode, attempt, at, (listener) => listener.abandon());
  } catch (error) {
    if (mode !== undefined || codeOf(error) === "EADDRINUSE") throw error;
    // No room for a longer name, no right to make another one, no hard links: then in its place, as the host does it.
    return at(path);
  }
}

class DenoRawUnixListener extends DenoRawListener<RawSocket<UnixAddress>, UnixAddress, DenoUnixConnection> {
  private readonly deno: DenoHost;
  private readonly identity: string | undefined;

  /** @param identity of the socket, wherever it is by now */
  constructor(deno: DenoHost, listener: DenoUnixListener, path: string, identity: string | undefined) {
    super(listener, { path }, { path }, (connection) => accepted(connection, path));
    this.deno = deno;
    this.identity = identity;
  }

  /** Closes one that never had its path. */
  abandon(): void {
    super.release();
  }

  protected override release(): void {
    const path = this.localAddress.path!;
    // First the path, while the socket answers at it: until then nobody takes it for a socket that was left there.
    if (this.identity !== undefined) void remove(this.deno, path, this.identity).catch(() => {});
    super.release();
  }
}

function accepted(connection: DenoUnixConnection, path: string): RawSocket<UnixAddress> {
  return new DenoStreamSocket(connection, {
    localAddress: { path },
    remoteAddress: { path: connection.remoteAddr.path ?? undefined },
    named: { path },
  });
}

async function remove(deno: DenoHost, path: string, identity: string): Promise<void> {
  try {
    removeSocket(deno, path, identity);
  } catch (error) {
    throw osError(error, { syscall: "unlink", path });
  }
}
