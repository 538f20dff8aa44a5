import type { WaitOptions } from "@arborio/core";
import type { AddressFamily, HostAddress, SocketAddress } from "@arborio/core/backend";
import { settling } from "@arborio/core/lowlevel";
import { resolve } from "./resolver.ts";

/** An address and a port to send to, or to be at. */
export type Endpoint = Readonly<Pick<SocketAddress, "address" | "port">>;

/** The first address of a host, of that family if one is given. **Throws** as `resolve` does. */
export function resolveOne(
  action: string,
  host: string,
  family: AddressFamily | undefined,
  { signal }: WaitOptions,
): Promise<HostAddress> {
  return settling(resolve(action, host, { family, signal }), ([first]) => first!);
}
