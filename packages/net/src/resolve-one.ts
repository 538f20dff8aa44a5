import { OSError, type AddressFamily, type HostAddress, type SocketAddress } from "@arborio/core/backend";
import { capability, perform } from "@arborio/core/lowlevel";
import type { WaitOptions } from "@arborio/core";

/** An address and a port to send to, or to be at. */
export type Endpoint = Readonly<Pick<SocketAddress, "address" | "port">>;

/**
 * The first address of a name, of that family if one is given; a numeric address is its own.
 *
 * **Throws** OSError `ENOTFOUND` if it has none.
 */
export function resolveOne(
  host: string,
  family: AddressFamily | undefined,
  { signal }: WaitOptions,
): Promise<HostAddress> {
  return perform(
    () =>
      capability("net", "resolve", signal)
        .lookup(host)
        .then((found) => first(host, found, family)),
    { signal, waitingFor: `the address of ${host}` },
  );
}

/** Whether it is an address, and no name. */
export function isNumeric(host: string): boolean {
  return host.includes(":") || /^\d+(\.\d+){3}$/.test(host);
}

function first(host: string, found: readonly HostAddress[], family: AddressFamily | undefined): HostAddress {
  const one = found.find((address) => family === undefined || address.family === family);
  if (one !== undefined) return one;
  const reason = `it has no ${family === "ipv6" ? "IPv6" : "IPv4"} address`;
  throw new OSError({ code: "ENOTFOUND", syscall: "getaddrinfo", address: host, reason });
}
