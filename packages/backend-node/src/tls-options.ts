import type { RawTlsClientOptions, RawTlsOptions } from "@arborio/core/backend";
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  checkServerIdentity,
  createSecureContext,
  type ConnectionOptions,
  type PeerCertificate,
  type SecureContext,
  type SecureContextOptions,
} from "node:tls";
import { sessionFor } from "./tls-session.ts";

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
  const { serverName, verify } = options;
  return {
    ...commonOptions(options),
    ...setting("secureContext", isPlain(options) ? plainContext() : undefined),
    // An address is not sent as a name (RFC 6066 §3), but the certificate must be for it.
    ...(isIP(serverName) === 0 ? { servername: serverName } : { host: serverName }),
    checkServerIdentity: checkName,
    rejectUnauthorized: verify,
    ...setting("session", sessionFor(options)),
  };
}

/** An option that is left out if undefined. */
export function setting<K extends string, V>(name: K, value: V): { [key in K]?: NonNullable<V> } {
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: NonNullable<V> };
}

/**
 * Why the certificate is not for that name or address; undefined if it is. Node calls it where an exception would end the
 * process.
 */
function checkName(name: string, certificate: Partial<PeerCertificate>): Error | undefined {
  try {
    if (isIP(name) === 0) return checkServerIdentity(name, certificate as PeerCertificate);
    // Node 22.23 finds no IPv6 address in a certificate. A scope (`fe80::1%eth0`) is of this machine, and in none.
    const x509 = new X509Certificate(certificate.raw!);
    if (x509.checkIP(name.replace(/%.*/, "")) !== undefined) return undefined;
    return notFor(name);
  } catch (cause) {
    return notFor(name, { cause });
  }
}

function notFor(name: string, options?: ErrorOptions): Error {
  const error = new Error(`the certificate is not for ${name}`, options);
  return Object.assign(error, { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}

let plain: SecureContext | undefined;

// Reading the system's authorities takes ms: once for all clients that say nothing else.
function plainContext(): SecureContext {
  return (plain ??= createSecureContext());
}

function isPlain({ ca, certificate, minVersion, maxVersion }: RawTlsOptions): boolean {
  return (ca ?? certificate ?? minVersion ?? maxVersion) === undefined;
}
