import type {
  RawSocket,
  RawTlsClientOptions,
  RawTlsServerOptions,
  RawTlsStream,
  RawListenOptions,
  RawListener,
  RawTlsPending,
  SocketAddress,
  TlsBackend,
} from "@arborio/core/backend";
import type { DenoConnection, DenoHost, DenoTlsConnection } from "./host-types.ts";
import { osError } from "./os-error.ts";
import { formatAddress } from "./socket.ts";
import { DenoTlsListener } from "./tls-listener.ts";
import { handshakeError } from "./tls-error.ts";
import { shake } from "./tls-handshake.ts";

/** TLS by `Deno.startTls`, on TCP alone, and `Deno.listenTls`. */
export function createTls(deno: DenoHost): TlsBackend {
  return {
    lacks: new Set([
      ...(["client-certificate", "unverified", "session", "unix"] as const),
      ...(["client-verification", "server-names", "versions", "close-in-handshake"] as const),
    ]),
    connect: (socket, options, signal) => connect(deno, socket, options, signal),
    listen: (where, options) => listen(deno, where, options),
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

async function listen(
  deno: DenoHost,
  { address, port, backlog, reusePort = false }: RawListenOptions,
  { certificate, key, alpn }: RawTlsServerOptions,
): Promise<RawListener<RawTlsPending>> {
  try {
    return new DenoTlsListener(
      deno.listenTls({
        ...{ hostname: address, port, reusePort, cert: certificate, key },
        ...(backlog === undefined ? {} : { tcpBacklog: backlog }),
        ...(alpn === undefined ? {} : { alpnProtocols: [...alpn] }),
      }),
    );
  } catch (error) {
    throw osError(error, { syscall: "listen", address: formatAddress(address, port) });
  }
}
