import type { RawTlsClientOptions } from "@arborio/core/backend";
import { createHash } from "node:crypto";

const SEAL = 32;

/**
 * A session as users have it: Node's own behind a digest of what it was verified for. A resumed session shows no certificate,
 * so nothing is checked then, and Node 20 resumes a session of any server: one of server A would open server B unchecked.
 */
export function sealed(session: Uint8Array, client: RawTlsClientOptions): Uint8Array {
  const bytes = new Uint8Array(SEAL + session.length);
  bytes.set(sealOf(client));
  bytes.set(session, SEAL);
  return bytes;
}

/** Node's session to resume; undefined if it is none for these options: then the handshake is a full one. */
export function sessionFor(client: RawTlsClientOptions): Buffer | undefined {
  const { session } = client;
  if (session === undefined || session.length <= SEAL) return undefined;
  const given = Buffer.from(session);
  return given.subarray(0, SEAL).equals(sealOf(client)) ? given.subarray(SEAL) : undefined;
}

function sealOf({ serverName, verify, ca, certificate }: RawTlsClientOptions): Buffer {
  const verified = JSON.stringify([serverName, verify, ca ?? null, certificate ?? null]);
  return createHash("sha256").update(verified).digest();
}
