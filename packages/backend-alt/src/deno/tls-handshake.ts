import type { RawTlsStream, SocketAddress } from "@arborio/core/backend";
import type { DenoTlsConnection } from "./host-types.ts";
import { formatAddress } from "./socket.ts";
import { handshakeError } from "./tls-error.ts";
import { DenoTlsStream } from "./tls-stream.ts";

/** Does the handshake of a connection, and closes it if that fails. */
export async function shake(
  connection: DenoTlsConnection,
  remote: SocketAddress,
  serverName: string | undefined,
  signal: AbortSignal,
): Promise<RawTlsStream> {
  const address = formatAddress(remote.address, remote.port);
  const close = (): void => {
    try {
      connection.close();
    } catch {
      // It is closed already. A signal's listener must not throw: Deno would end the process.
    }
  };
  // A signal that was aborted before tells nobody.
  if (signal.aborted) close();
  signal.addEventListener("abort", close, { once: true });
  try {
    signal.throwIfAborted();
    const { alpnProtocol } = await connection.handshake();
    signal.throwIfAborted();
    return new DenoTlsStream(connection, address, alpnProtocol ?? undefined, serverName);
  } catch (error) {
    if (!signal.aborted) close();
    throw signal.aborted ? signal.reason : handshakeError(error, address);
  } finally {
    signal.removeEventListener("abort", close);
  }
}
