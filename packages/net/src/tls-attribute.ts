import type { RawTlsInfo } from "@arborio/core/backend";
import { typedAttribute, type Attributes, type TypedAttribute } from "@arborio/streams";

/** What a TLS connection knows. What the host does not tell is undefined. */
export const TlsAttribute: {
  /** The protocol agreed on by ALPN. */
  readonly alpnProtocol: TypedAttribute<string | undefined>;
  /** `tls-unique` of RFC 5929; undefined from TLS 1.3 on. */
  readonly channelBinding: TypedAttribute<Uint8Array | undefined>;
  /** As IANA names it. */
  readonly cipher: TypedAttribute<string | undefined>;
  /** DER; a server has one only if it asked, and then it is a valid one. */
  readonly peerCertificate: TypedAttribute<Uint8Array | undefined>;
  /** Whether a session was resumed. */
  readonly resumed: TypedAttribute<boolean | undefined>;
  /** The name that the client asked for; undefined for an address. */
  readonly serverName: TypedAttribute<string | undefined>;
  readonly serverSide: TypedAttribute<boolean>;
  readonly sharedCiphers: TypedAttribute<readonly string[] | undefined>;
  readonly standardCompatible: TypedAttribute<boolean>;
  /** As `TLSv1.3`. */
  readonly version: TypedAttribute<string | undefined>;
} = {
  alpnProtocol: typedAttribute("alpnProtocol"),
  channelBinding: typedAttribute("channelBinding"),
  cipher: typedAttribute("cipher"),
  peerCertificate: typedAttribute("peerCertificate"),
  resumed: typedAttribute("resumed"),
  serverName: typedAttribute("serverName"),
  serverSide: typedAttribute("serverSide"),
  sharedCiphers: typedAttribute("sharedCiphers"),
  standardCompatible: typedAttribute("standardCompatible"),
  version: typedAttribute("version"),
};

/** How a side speaks, besides what the host tells. */
export interface TlsManner {
  readonly serverSide: boolean;
  readonly standardCompatible: boolean;
}

/** Those of the layer below, and TLS's. */
export function tlsAttributes(below: Attributes, info: RawTlsInfo, manner: TlsManner): Attributes {
  return new Map<TypedAttribute<unknown>, () => unknown>([
    ...below,
    [TlsAttribute.alpnProtocol, () => info.alpn],
    [TlsAttribute.channelBinding, () => info.channelBinding],
    [TlsAttribute.cipher, () => info.cipher],
    [TlsAttribute.peerCertificate, () => info.peerCertificate],
    [TlsAttribute.resumed, () => info.resumed],
    [TlsAttribute.serverName, () => info.serverName],
    [TlsAttribute.serverSide, () => manner.serverSide],
    [TlsAttribute.sharedCiphers, () => info.sharedCiphers],
    [TlsAttribute.standardCompatible, () => manner.standardCompatible],
    [TlsAttribute.version, () => info.version],
  ]);
}
