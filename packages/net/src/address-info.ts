import { checkpoint } from "@arborio/core";
import type { SocketAddress } from "@arborio/core/backend";
import { settling } from "@arborio/core/lowlevel";
import { checkFamily, checkPort } from "./arguments.ts";
import { toAsciiHost } from "./host-name.ts";
import { resolve, type ResolveOptions } from "./resolver.ts";

/**
 * The addresses of a host, in the order in which they are to be tried: the system's, or that of the run's resolver (see
 * {@link setResolver}); at least one. A numeric address, IPv6 with its scope too, is its own, and nobody is asked.
 *
 * A name is looked up in ASCII, by UTS 46, non-transitional: `faß.de` is `xn--fa-hia.de`, not `fass.de`.
 *
 * **Cancellation** The system's lookup cannot be stopped: it is abandoned. A backend has at most 16 under way, abandoned ones
 * included; others wait for their turn.
 *
 * **Throws** OSError with `syscall` `getaddrinfo`: `ENOTFOUND` if there is no such name, or none of that family; `EAI_AGAIN`, ….
 * UnsupportedError where the backend has no network and no resolver is set. TypeError and RangeError for bad arguments, at once.
 *
 * @param port that of the addresses; by default 0
 */
export function getAddressInfo(
  host: string,
  port: number = 0,
  options: ResolveOptions = {},
): Promise<SocketAddress[]> {
  const action = "resolve";
  const name = toAsciiHost(action, host);
  checkPort(action, port, 0);
  const family = checkFamily(action, options.family);
  const found = checkpoint(options).then(() => resolve(action, name, { family, signal: options.signal }));
  return settling(found, (addresses) =>
    addresses.map(({ address, family }): SocketAddress => ({ address, port, family })),
  );
}
