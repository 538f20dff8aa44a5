import type { TlsCertificate } from "@arborio/net";
import { bits, integer, oid, pem, tagged, text } from "./der.ts";

// X.509 (RFC 5280) with ECDSA on P-256: made here, so that tests need no files and no tools.

/** Certificates for tests, all of one authority. */
export interface Certificates {
  /** The authority's own, PEM. */
  readonly authority: string;
  /** For `localhost`, `127.0.0.1`, `::1` and `faß.de`. */
  readonly server: TlsCertificate;
  /** For `other.example`. */
  readonly other: TlsCertificate;
  readonly client: TlsCertificate;
  /** As `server`, but no longer valid. */
  readonly expired: TlsCertificate;
  /** As `client`, of an authority that nobody knows. */
  readonly strange: TlsCertificate;
  /** As `client` and `server` in one, with a critical extension that nobody has heard of. */
  readonly unheard: TlsCertificate;
}

let made: Promise<Certificates> | undefined;

/** The same ones each time. */
export function certificates(): Promise<Certificates> {
  return (made ??= make());
}

async function make(): Promise<Certificates> {
  const [authority, stranger] = [await createAuthority("authority"), await createAuthority("stranger")];
  const names = ["localhost", "xn--fa-hia.de"];
  const here = {
    names,
    addresses: [
      [127, 0, 0, 1],
      [...new Array<number>(15).fill(0), 1],
    ],
  };
  return {
    authority: authority.certificate,
    server: await issue(authority, here),
    other: await issue(authority, { names: ["other.example"] }),
    client: await issue(authority, { names: ["client"] }),
    expired: await issue(authority, { ...here, until: "210101000000Z" }),
    strange: await issue(stranger, { names: ["client"] }),
    unheard: await issue(authority, { ...here, more: [UNHEARD] }),
  };
}

interface Authority {
  readonly name: string;
  readonly certificate: string;
  readonly sign: CryptoKey;
}

interface Subject {
  readonly names: readonly string[];
  readonly addresses?: readonly (readonly number[])[];
  /** UTCTime. */
  readonly until?: string;
  /** Extensions besides its names. */
  readonly more?: readonly Uint8Array[];
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const LATER = "491231235959Z";
let serial = 0;

async function createAuthority(name: string): Promise<Authority> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const isAuthority = extension("2.5.29.19", tagged("sequence", tagged("boolean", Uint8Array.of(255))));
  const certificate = await signed(privateKey, name, name, publicKey, LATER, isAuthority);
  return { name, certificate, sign: privateKey };
}

async function issue(
  { name, sign }: Authority,
  { names, addresses = [], until = LATER, more = [] }: Subject,
): Promise<TlsCertificate> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const forNames = [
    ...names.map((one) => text(0x82, one)),
    ...addresses.map((one) => tagged(0x87, Uint8Array.from(one))),
  ];
  const alternatives = extension("2.5.29.17", tagged("sequence", ...forNames));
  return {
    certificate: await signed(sign, name, names[0]!, publicKey, until, ...[alternatives, ...more]),
    key: pem("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey))),
  };
}

async function signed(
  sign: CryptoKey,
  issuer: string,
  subject: string,
  publicKey: CryptoKey,
  until: string,
  ...extensions: readonly Uint8Array[]
): Promise<string> {
  const withSha256 = tagged("sequence", oid("1.2.840.10045.4.3.2"));
  const content = tagged(
    "sequence",
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(Uint8Array.of(1, ++serial)),
    withSha256,
    distinguished(issuer),
    tagged("sequence", text("utcTime", "200101000000Z"), text("utcTime", until)),
    distinguished(subject),
    new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)),
    tagged(0xa3, tagged("sequence", ...extensions)),
  );
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, sign, new Uint8Array(content)));
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  const pair = tagged("sequence", integer(r), integer(s));
  return pem("CERTIFICATE", tagged("sequence", content, withSha256, bits(pair)));
}

function distinguished(name: string): Uint8Array {
  return tagged("sequence", tagged("set", tagged("sequence", oid("2.5.4.3"), text("utf8", name))));
}

const UNHEARD = tagged(
  "sequence",
  oid("1.3.6.1.4.1.99999.1"),
  tagged("boolean", Uint8Array.of(255)),
  tagged("octets", Uint8Array.of(5, 0)),
);

function extension(id: string, value: Uint8Array): Uint8Array {
  return tagged("sequence", oid(id), tagged("octets", value));
}
