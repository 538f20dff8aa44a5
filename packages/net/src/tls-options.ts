import type { WaitOptions } from "@arborio/core";
import type { RawTlsClientOptions, RawTlsServerOptions, RawTlsSide, TlsBackend } from "@arborio/core/backend";
import { checkBytes, checkFunction, handled, show, wrongType } from "@arborio/core/lowlevel";
import { lacking } from "./backend.ts";
import { isServerName, toAsciiHost } from "./host-name.ts";

/** What both sides of TLS may say. Certificates and keys are PEM. */
export interface TlsOptions {
  /**
   * Authorities to trust, in place of the system's. Where a host cannot do without those (Deno), besides them.
   */
  readonly ca?: string | readonly string[] | undefined;
  /** This side's certificate, followed by those between it and its authority. */
  readonly certificate?: string | undefined;
  /** The key of `certificate`. */
  readonly key?: string | undefined;
  /** Protocols to agree on by ALPN, the best first. If both sides name some and have none in common the handshake fails. */
  readonly alpn?: readonly string[] | undefined;
  readonly minVersion?: TlsVersion | undefined;
  readonly maxVersion?: TlsVersion | undefined;
  /**
   * True, the default: an end of the other side's without a close_notify is a BrokenResourceError (someone may have cut off
   * what was still to come), and `close` says close_notify. False, for protocols that know where their messages end: it
   * is an EndOfStream.
   */
  readonly standardCompatible?: boolean | undefined;
}

/** A version of TLS. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** How a client speaks TLS. */
export interface TlsClientOptions extends TlsOptions {
  /** The name or address that the server's certificate must be for; by default the host that was connected to. */
  readonly serverName?: string | undefined;
  /** False: the server may be anyone. For tests only. */
  readonly verify?: boolean | undefined;
  /** What `session()` gave of an earlier connection with the server, to resume. */
  readonly session?: Uint8Array | undefined;
}

/** A certificate and its key, PEM. */
export interface TlsCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** How a server speaks TLS. */
export interface TlsServerOptions extends TlsOptions, TlsCertificate {
  readonly certificate: string;
  readonly key: string;
  /**
   * Whether clients are asked for a certificate, `none` by default. One that is given must be valid; `require` refuses those without.
   */
  readonly clientCertificate?: "none" | "ask" | "require" | undefined;
  /**
   * Returns the certificate for the name that a client asks for (SNI, a host name in ASCII of at most 253 characters). It must
   * not be async. Undefined: the default certificate; null: the handshake fails. If the client asks for anything but a host
   * name, the handshake fails, and this function is not called.
   */
  readonly forName?: ((name: string) => TlsCertificate | null | undefined) | undefined;
}

/** The options of a `tls` that may be `true`. */
export function tlsOption(tls: true | TlsClientOptions): TlsClientOptions {
  if (tls === true) return {};
  if (typeof tls === "object" && (tls as unknown) !== null) return tls;
  throw new TypeError(`Cannot connect: tls must be true or options, received ${show(tls)}`);
}

/** What a client says, checked. */
export function clientSide(options: TlsClientOptions & { readonly serverName: string }): RawTlsSide {
  const { serverName, verify = true, session } = options;
  // The root's dot is of the resolver, the scope of an address (`fe80::1%eth0`) of this machine: certificates have neither.
  const name = toAsciiHost(ACTION, serverName, "serverName").replace(/\.$|%.*/, "");
  const resumed = session === undefined ? undefined : checkBytes(ACTION, session);
  return {
    client: { ...common(options), serverName: name, verify, session: resumed } satisfies RawTlsClientOptions,
  };
}

const known: WeakMap<TlsServerOptions, RawTlsSide> = new WeakMap();

/** What a server says, checked: of the same options the same object, by which a backend may know what it made of them. */
export function serverSide(options: TlsServerOptions): RawTlsSide {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`Cannot ${ACTION}: it takes options, received ${show(options)}`);
  const made = known.get(options) ?? { server: server(options) };
  known.set(options, made);
  return made;
}

function server(options: TlsServerOptions): RawTlsServerOptions {
  const { certificate, key, clientCertificate = "none", forName } = options;
  checkPem("certificate", certificate, "CERTIFICATE");
  checkPem("key", key, "PRIVATE KEY");
  if (!["none", "ask", "require"].includes(clientCertificate))
    throw new TypeError(
      `Cannot ${ACTION}: clientCertificate must be none, ask or require, received ${show(clientCertificate)}`,
    );
  if (forName !== undefined) checkFunction(`${ACTION}: forName`, forName);
  return { ...common(options), certificate, key, clientCertificate, forName: forName && named(forName) };
}

/** A client may ask for anything: what is no name of a host is refused, and `forName` is not asked, which may make a path of it. */
function named(forName: NonNullable<TlsServerOptions["forName"]>): NonNullable<TlsServerOptions["forName"]> {
  return (name) => {
    // The client named no host: Deno asks all the same.
    if (name === "") return undefined;
    if (!isServerName(name)) throw noServerName(name);
    const found: unknown = forName(name);
    if (found === null || found === undefined) return found;
    const { certificate, key, then } = found as Partial<TlsCertificate & PromiseLike<unknown>>;
    if (typeof then === "function") {
      void handled(found as PromiseLike<unknown>);
      throw wrongType(ACTION, "forName must return a certificate at once, not a promise", found);
    }
    checkPem("certificate of forName", certificate as string, "CERTIFICATE");
    checkPem("key of forName", key as string, "PRIVATE KEY");
    return found as TlsCertificate;
  };
}

function noServerName(name: string): Error {
  const error = new Error(`Cannot ${ACTION}: the client asked for ${show(name)}, which is no host name`);
  return Object.assign(error, { code: "ERR_TLS_UNKNOWN_NAME" });
}

/** @throws UnsupportedError that names what the backend cannot do of what is asked for */
export function requireTls(
  { lacks }: TlsBackend,
  { client, server }: RawTlsSide,
  signal: AbortSignal | undefined,
): void {
  const asked = [
    ["versions", (client?.minVersion ?? client?.maxVersion) !== undefined, "choice of TLS versions"],
    ["client-certificate", client?.certificate !== undefined, "certificates of TLS clients"],
    ["unverified", client?.verify === false, "TLS without verification"],
    ["session", client?.session !== undefined, "TLS sessions to resume"],
    ["client-verification", isAsked(server), "verification of TLS clients"],
    ["server-names", server?.forName !== undefined, "choice of certificates by name"],
  ] as const;
  for (const [feature, wanted, words] of asked)
    if (wanted && lacks.has(feature)) lacking(ACTION, words, signal);
}

const ACTION = "start TLS";

function isAsked(server: RawTlsServerOptions | undefined): boolean {
  return server !== undefined && server.clientCertificate !== "none";
}

function common(options: TlsOptions): Omit<RawTlsClientOptions, "serverName" | "verify" | "session"> {
  const { ca, certificate, key, alpn, minVersion, maxVersion } = options;
  if ((certificate === undefined) !== (key === undefined))
    throw new TypeError(`Cannot ${ACTION}: certificate and key must be given together`);
  if (certificate !== undefined) checkPem("certificate", certificate, "CERTIFICATE");
  if (key !== undefined) checkPem("key", key, "PRIVATE KEY");
  const authorities = ca === undefined ? undefined : [ca].flat();
  for (const one of authorities ?? []) checkPem("ca", one, "CERTIFICATE");
  checkVersion("minVersion", minVersion);
  checkVersion("maxVersion", maxVersion);
  return { ca: authorities, certificate, key, alpn: checkAlpn(alpn), minVersion, maxVersion };
}

function checkAlpn(alpn: readonly string[] | undefined): readonly string[] | undefined {
  if (alpn === undefined) return alpn;
  const isList: boolean = Array.isArray(alpn);
  if (!isList) throw wrongType(ACTION, "alpn must be a list of names", alpn);
  const wrong = alpn.length === 0 ? "[]" : alpn.filter((name) => !isProtocol(name)).map(show)[0];
  if (wrong !== undefined)
    throw new TypeError(`Cannot ${ACTION}: alpn must be names of 1 to 255 bytes, received ${wrong}`);
  if (alpn.reduce((length, name: string) => length + 1 + byteLength(name), 0) > MOST_ALPN)
    throw new RangeError(`Cannot ${ACTION}: alpn must be of at most ${MOST_ALPN} bytes, received more`);
  return alpn;
}

// RFC 7301 §3.1: each with a byte for its length, two bytes for that of all.
const MOST_ALPN = 65_533;

function isProtocol(name: unknown): boolean {
  return typeof name === "string" && name !== "" && name.length <= 255 && byteLength(name) <= 255;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function checkVersion(name: string, version: TlsVersion | undefined): void {
  if (version === undefined || version === "TLSv1.2" || version === "TLSv1.3") return;
  throw new TypeError(`Cannot ${ACTION}: ${name} must be "TLSv1.2" or "TLSv1.3", received ${show(version)}`);
}

function checkPem(name: string, pem: string, what: string): void {
  if (typeof pem === "string" && pem.includes(`${what}-----`)) return;
  // Not what it is: a key is a secret.
  throw new TypeError(
    `Cannot ${ACTION}: ${name} must be PEM, received ${typeof pem === "string" ? "text that is none" : typeof pem}`,
  );
}

/** What of an operation's options is the wait's. */
export function waitOf({ signal }: WaitOptions): WaitOptions {
  return signal === undefined ? {} : { signal };
}
