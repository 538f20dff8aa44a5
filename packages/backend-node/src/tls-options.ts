import type { RawTlsClientOptions, RawTlsOptions } from "@arborio/core/backend";
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  createSecureContext,
  type ConnectionOptions,
  type PeerCertificate,
  type SecureContext,
  type SecureContextOptions,
} from "node:tls";

/** What both sides say, in Node's words. */
export function commonOptions({
  ca,
  certificate,
  key,
  alpn,
  minVersion,
  maxVersion,
}: RawTlsOptions): SecureContextOptions & { ALPNProtocols?: string[] } {
  return {
    ...setting("ca", ca && [...ca]),
    ...setting("cert", certificate),
    ...setting("key", key),
    ...setting("ALPNProtocols", alpn && [...alpn]),
    ...setting("minVersion", minVersion),
    ...setting("maxVersion", maxVersion),
  };
}

/** What a client says, in Node's words. */
export function clientOptions(options: RawTlsClientOptions): ConnectionOptions {
  const { serverName, verify, session } = options;
  return {
    ...commonOptions(options),
    ...setting("secureContext", isPlain(options) ? plainContext() : undefined),
    // An address is not sent as a name (RFC 6066 §3), but the certificate must be for it.
    ...(isIP(serverName) === 0
      ? { servername: serverName }
      : { host: serverName, checkServerIdentity: checkAddress }),
    rejectUnauthorized: verify,
    ...setting("session", session && Buffer.from(session)),
  };
}

/** An option that is left out if undefined. */
export function setting<K extends string, V>(name: K, value: V): { [key in K]?: NonNullable<V> } {
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: NonNullable<V> };
}

// Node 22.23 finds no IPv6 address in a certificate.
function checkAddress(address: string, { raw }: PeerCertificate): Error | undefined {
  if (new X509Certificate(raw).checkIP(address) !== undefined) return undefined;
  const reason = `the certificate is not for ${address}`;
  return Object.assign(new Error(reason), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}

let plain: SecureContext | undefined;

// Reading the system's authorities takes ms: once for all clients that say nothing else.
function plainContext(): SecureContext {
  return (plain ??= createSecureContext());
}

function isPlain({ ca, certificate, minVersion, maxVersion }: RawTlsOptions): boolean {
  return (ca ?? certificate ?? minVersion ?? maxVersion) === undefined;
}
