import type { AddressFamily, SocketAddress, UnixAddress } from "@arborio/core/backend";
import { typedAttribute, type Attributes, type TypedAttribute } from "@arborio/streams";

/** What sockets know, to be had through any layers above them by `extra`. */
export const SocketAttribute: {
  readonly family: TypedAttribute<AddressFamily | "unix">;
  /** The near end's numeric address, or path. */
  readonly localAddress: TypedAttribute<string | undefined>;
  /** Of IP sockets. */
  readonly localPort: TypedAttribute<number>;
  /** The far end's; of connections. */
  readonly remoteAddress: TypedAttribute<string | undefined>;
  /** Of IP connections. */
  readonly remotePort: TypedAttribute<number>;
  /** The host's own socket. */
  readonly rawSocket: TypedAttribute<unknown>;
} = {
  family: typedAttribute("family"),
  localAddress: typedAttribute("localAddress"),
  localPort: typedAttribute("localPort"),
  remoteAddress: typedAttribute("remoteAddress"),
  remotePort: typedAttribute("remotePort"),
  rawSocket: typedAttribute("rawSocket"),
};

interface Raw {
  readonly localAddress: SocketAddress | UnixAddress;
  readonly remoteAddress?: SocketAddress | UnixAddress | undefined;
  readonly handle: unknown;
}

/** The attributes of a backend's socket or listener. */
export function socketAttributes(raw: Raw): Attributes {
  const { localAddress: near, remoteAddress: far } = raw;
  const { family, localAddress, localPort, remoteAddress, remotePort, rawSocket } = SocketAttribute;
  const found = new Map<TypedAttribute<unknown>, () => unknown>([
    [family, () => ("family" in near ? near.family : "unix")],
    [localAddress, () => nameOf(near)],
    [rawSocket, () => raw.handle],
  ]);
  if ("port" in near) found.set(localPort, () => near.port);
  if (far !== undefined) found.set(remoteAddress, () => nameOf(far));
  if (far !== undefined && "port" in far) found.set(remotePort, () => far.port);
  return found;
}

function nameOf(address: SocketAddress | UnixAddress): string | undefined {
  return "path" in address ? address.path : address.address;
}
