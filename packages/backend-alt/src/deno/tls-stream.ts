import type { OSError, RawTlsInfo, RawTlsStream } from "@arborio/core/backend";
import { DenoByteStream } from "./byte-stream.ts";
import type { DenoTlsConnection } from "./host-types.ts";
import type { Attempt } from "./os-error.ts";
import { tlsError } from "./tls-error.ts";

/** A TLS connection, its handshake done. Deno says close_notify itself when it is closed. */
export class DenoTlsStream extends DenoByteStream<DenoTlsConnection> implements RawTlsStream {
  readonly info: RawTlsInfo;

  constructor(
    connection: DenoTlsConnection,
    address: string,
    alpn: string | undefined,
    serverName: string | undefined,
  ) {
    super(connection, { address });
    this.info = { ...UNKNOWN, alpn, serverName };
  }

  protected override errorOf(cause: unknown, attempt: Attempt): OSError {
    return tlsError(cause, attempt);
  }
}

// Deno tells the protocol that was agreed on, and nothing else.
const UNKNOWN = {
  version: undefined,
  cipher: undefined,
  peerCertificate: undefined,
  sharedCiphers: undefined,
  channelBinding: undefined,
  resumed: undefined,
  session: (): undefined => undefined,
};
