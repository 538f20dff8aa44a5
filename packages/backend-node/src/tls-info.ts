import type { RawTlsInfo, RawTlsSide } from "@arborio/core/backend";
import type { TLSSocket } from "node:tls";
import { sealed } from "./tls-session.ts";

/** What Node tells of a connection whose handshake is done. It does not tell shared ciphers. */
export function infoOf(socket: TLSSocket, { client }: RawTlsSide): RawTlsInfo {
  let latest: Uint8Array | undefined;
  // From TLS 1.3 on sessions come after the handshake.
  if (client !== undefined) socket.on("session", (session) => (latest = session));
  const { raw } = socket.getPeerX509Certificate() ?? {};
  const { alpnProtocol, servername } = socket as {
    alpnProtocol?: string | false | null;
    servername?: unknown;
  };
  return {
    version: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher()?.standardName,
    alpn: alpnProtocol || undefined,
    serverName: typeof servername === "string" && servername !== "" ? servername : undefined,
    peerCertificate: raw === undefined ? undefined : new Uint8Array(raw),
    sharedCiphers: undefined,
    channelBinding: channelBinding(socket, client === undefined),
    resumed: socket.isSessionReused(),
    session: () => {
      const session = client && (latest ?? socket.getSession());
      return session && sealed(session, client);
    },
  };
}

// RFC 5929 §3.1: the first finished message of the most recent handshake. The client's comes first, unless it resumes.
function channelBinding(socket: TLSSocket, serverSide: boolean): Uint8Array | undefined {
  if (socket.getProtocol() === "TLSv1.3") return undefined;
  const ours = serverSide === socket.isSessionReused();
  return copyOf(ours ? socket.getFinished() : socket.getPeerFinished());
}

function copyOf(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined ? undefined : new Uint8Array(bytes);
}
