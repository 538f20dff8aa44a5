import type { WaitOptions } from "@arborio/core";
import type { RawNames } from "@arborio/core/backend";
import { begin, capability, settling, show } from "@arborio/core/lowlevel";
import { checkHost, checkPort } from "./arguments.ts";
import { lacking } from "./backend.ts";
import { formatEndpoint } from "./endpoint.ts";
import { familyOf } from "./host-name.ts";
import { lookUp } from "./lookups.ts";

/** The names of an address. */
export type NameInfo = RawNames;

/**
 * The names of an address, by the system: the host's, or the address itself if it has none; the service's, as `http`, or the
 * port itself.
 *
 * **Cancellation** As of {@link getAddressInfo}, and bounded with it.
 *
 * **Throws** OSError with `syscall` `getnameinfo`; UnsupportedError where the backend cannot tell. TypeError if it is no numeric
 * address, RangeError for a bad port, at once.
 */
export function getNameInfo(address: string, port: number, options: WaitOptions = {}): Promise<NameInfo> {
  const action = "find the names of an address";
  if (familyOf(checkHost(action, address)) === undefined)
    throw new TypeError(`Cannot ${action}: it must be a numeric address, received ${show(address)}`);
  checkPort(action, port, 0);
  return settling(
    begin(() => reverse(action, address, port, options), undefined),
    (names) => names,
  );
}

function reverse(action: string, address: string, port: number, { signal }: WaitOptions): Promise<RawNames> {
  const net = capability("net", action, signal);
  const start = async (): Promise<RawNames> =>
    net.reverse?.(address, port) ?? lacking(action, "reverse lookups", signal);
  return lookUp(net, start, `the names of ${formatEndpoint(address, port)}`, { signal });
}
