import type { AddressFamily, SocketAddress, UnixAddress } from "@arborio/core/backend";
import { typedAttribute, type Attributes, type TypedAttribute } from "@arborio/streams";

/** What sockets, and what is layered over them, know of themselves: `extra(stream, SocketAttribute.remotePort)`. */
export const SocketAttribute: {
  readonly family: TypedAttribute<AddressFamily | "unix">;
  readonly localAddress: TypedAttribute<SocketAddress | UnixAddress>;
  /** Of an IP socket. */
  readonly localPort: TypedAttribute<number>;
  /** Of a socket with a peer: no listener has it. */
  readonly remoteAddress: TypedAttribute<SocketAddress | UnixAddress>;
  /** Of an IP socket with a peer. */
  readonly remotePort: TypedAttribute<number>;
  /** What the host has for it, as a `net.Socket` on Node or a `Deno.TcpConn`; for what there is no method for. */
  readonly rawSocket: TypedAttribute<unknown>;
} = {
  family: /* @__PURE__ */ typedAttribute("family"),
  localAddress: /* @__PURE__ */ typedAttribute("localAddress"),
  localPort: /* @__PURE__ */ typedAttribute("localPort"),
  remoteAddress: /* @__PURE__ */ typedAttribute("remoteAddress"),
  remotePort: /* @__PURE__ */ typedAttribute("remotePort"),
  rawSocket: /* @__PURE__ */ typedAttribute("rawSocket"),
};

/** What is asked of a backend's socket or listener. */
interface Described {
  readonly localAddress: SocketAddress | UnixAddress;
  readonly remoteAddress?: SocketAddress | UnixAddress | undefined;
  readonly handle: unknown;
}

/** The attributes of a backend's socket, or of a listener: that has no remote address. */
export function socketAttributes(raw: Described): Attributes {
  const { localAddress, remoteAddress } = raw;
  const family = "family" in localAddress ? localAddress.family : "unix";
  const known: [TypedAttribute<unknown>, unknown][] = [
    [SocketAttribute.family, family],
    [SocketAttribute.localAddress, localAddress],
    [SocketAttribute.rawSocket, raw.handle],
  ];
  if ("port" in localAddress) known.push([SocketAttribute.localPort, localAddress.port]);
  if (remoteAddress !== undefined) known.push([SocketAttribute.remoteAddress, remoteAddress]);
  if (remoteAddress !== undefined && "port" in remoteAddress)
    known.push([SocketAttribute.remotePort, remoteAddress.port]);
  return new Map(known.map(([attribute, value]) => [attribute, () => value]));
}
