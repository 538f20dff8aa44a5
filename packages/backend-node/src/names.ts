import type { HostAddress, RawNames } from "@arborio/core/backend";
import { lookup as getAddressInfo, lookupService } from "node:dns/promises";
import { attempted, codeOf, osError } from "./os-error.ts";
import { formatAddress } from "./socket.ts";

/** The system's own resolver: its files and services besides DNS. */
export async function lookup(host: string): Promise<HostAddress[]> {
  const found = await attempted(getAddressInfo(host, { all: true, order: "verbatim" }), {
    syscall: "getaddrinfo",
    address: host,
  });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? "ipv6" : "ipv4" }));
}

export async function reverse(address: string, port: number): Promise<RawNames> {
  try {
    const { hostname: host, service } = await lookupService(address, port);
    return { host, service };
  } catch (error) {
    // It has no name: Node asks with NI_NAMEREQD.
    if (codeOf(error) === "ENOTFOUND") return { host: address, service: String(port) };
    throw osError(error, { syscall: "getnameinfo", address: formatAddress(address, port) });
  }
}
