import type {
  RawSocket,
  RawTlsClientOptions,
  RawTlsStream,
  SocketAddress,
  TlsBackend,
} from "@arborio/core/backend";
import type { DenoConnection, DenoHost, DenoTlsConnection } from "./host-types.ts";
import { formatAddress } from "./socket.ts";
import { handshakeError } from "./tls-error.ts";
import { shake } from "./tls-handshake.ts";

/** TLS: clients by `Deno.startTls`, over TCP alone; servers by `node:tls`, over anything. */
export function createTls(deno: DenoHost): TlsBackend {
  return {
    lacks: new Set([
      ...(["client-certificate", "unverified", "session", "unix"] as const),
      ...(["versions", "close-in-handshake", "alerts"] as const),
    ]),
    connect: (socket, options, signal) => connect(deno, socket, options, signal),
    prepare: async (options) => (await engine()).prepare?.(options),
    accept: async (transport, options, signal) => (await engine()).accept!(transport, options, signal),
  };
}

async function connect(
  deno: DenoHost,
  socket: RawSocket<unknown>,
  { serverName, ca, alpn }: RawTlsClientOptions,
  signal: AbortSignal,
): Promise<RawTlsStream> {
  const remote = socket.remoteAddress as SocketAddress;
  if (signal.aborted) {
    await socket.close({ abort: true });
    throw signal.reason;
  }
  let connection: DenoTlsConnection;
  try {
    // From here on the socket's own descriptor is gone.
    connection = await deno.startTls(socket.handle as DenoConnection, {
      hostname: serverName,
      ...(ca === undefined ? {} : { caCerts: [...ca] }),
      ...(alpn === undefined ? {} : { alpnProtocols: [...alpn] }),
    });
  } catch (error) {
    await socket.close();
    throw handshakeError(error, formatAddress(remote.address, remote.port));
  }
  return shake(connection, remote, serverName, signal);
}

/**
 * Servers' engine is that of `node:tls`, over any stream. Deno's own servers (`Deno.listenTls`) begin the handshake when they
 * accept, and keep the descriptor of a connection that is closed before the client has spoken until it does, or leaves: so
 * silent clients put a server out of service.
 *
 * It is loaded when it is needed: few programs on Deno serve TLS.
 */
async function engine(): Promise<TlsBackend> {
  const { nodeBackend } = await import("@arborio/backend-node");
  return nodeBackend().net!.tls!;
}
