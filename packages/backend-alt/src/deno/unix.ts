import type { RawListener, RawSocket, UnixAddress, UnixBackend } from "@arborio/core/backend";
import type { DenoHost, DenoUnixConnection, DenoUnixListener } from "./host-types.ts";
import { DenoRawListener } from "./listener.ts";
import { attempted, osError } from "./os-error.ts";
import { DenoStreamSocket } from "./socket.ts";
import { checkLength, closeAt, identityOf, isAbstract, withMode } from "./unix-path.ts";

const transport = "unix";

/** UNIX sockets over `Deno.connect` and `Deno.listen`. */
export function createUnix(deno: DenoHost): UnixBackend {
  return {
    connect: (path, signal) => connect(deno, path, signal),
    listen: (options) => listen(deno, options),
    remove: (path) => remove(deno, path),
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
  const at = (where: string): DenoUnixListener => {
    try {
      return deno.listen({ transport, path: where });
    } catch (error) {
      throw osError(error, attempt);
    }
  };
  const listener = mode === undefined ? at(path) : await withMode(deno, path, mode, attempt, at);
  return new DenoRawUnixListener(deno, listener, path);
}

class DenoRawUnixListener extends DenoRawListener<RawSocket<UnixAddress>, UnixAddress, DenoUnixConnection> {
  private readonly deno: DenoHost;
  private readonly identity: string | undefined;

  constructor(deno: DenoHost, listener: DenoUnixListener, path: string) {
    super(listener, { path }, { path }, (connection) => accepted(connection, path));
    this.deno = deno;
    this.identity = identityOf(deno, path);
  }

  protected override release(): void {
    const path = this.localAddress.path!;
    if (isAbstract(path)) super.release();
    else closeAt(this.deno, path, this.identity, () => super.release());
  }
}

function accepted(connection: DenoUnixConnection, path: string): RawSocket<UnixAddress> {
  return new DenoStreamSocket(connection, {
    localAddress: { path },
    remoteAddress: { path: connection.remoteAddr.path ?? undefined },
    named: { path },
  });
}

async function remove(deno: DenoHost, path: string): Promise<void> {
  const attempt = { syscall: "unlink", path };
  try {
    if ((await deno.lstat(path)).isSocket === true) await deno.remove(path, { recursive: false });
  } catch (error) {
    const failure = osError(error, attempt);
    if (failure.code !== "ENOENT") throw failure;
  }
}
