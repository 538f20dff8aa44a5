import type { AddressFamily, RawListener, SocketAddress, UnixAddress } from "@arborio/core/backend";
import { typedAttribute, type Attributes, type TypedAttribute } from "@arborio/streams";

const family: TypedAttribute<AddressFamily> = /* @__PURE__ */ typedAttribute("family");
const localAddress: TypedAttribute<SocketAddress | UnixAddress> =
  /* @__PURE__ */ typedAttribute("localAddress");
const localPort: TypedAttribute<number> = /* @__PURE__ */ typedAttribute("localPort");
const rawSocket: TypedAttribute<unknown> = /* @__PURE__ */ typedAttribute("rawSocket");

/** What sockets know, through all the layers above them. */
export const SocketAttribute: {
  readonly family: TypedAttribute<AddressFamily>;
  readonly localAddress: TypedAttribute<SocketAddress | UnixAddress>;
  readonly localPort: TypedAttribute<number>;
  /** What the host has for it. */
  readonly rawSocket: TypedAttribute<unknown>;
} = { family, localAddress, localPort, rawSocket };

/** Those of a TCP listener. */
export function listenerAttributes({ localAddress: address, handle }: RawListener): Attributes {
  return new Map<TypedAttribute<unknown>, () => unknown>([
    [family, () => address.family],
    [localAddress, () => address],
    [localPort, () => address.port],
    [rawSocket, () => handle],
  ]);
}
