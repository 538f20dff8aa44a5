import type { HostAddress, RawNames } from "@arborio/core/backend";
import { lookup as getAddressInfo, lookupService } from "node:dns/promises";
import { attempted } from "./os-error.ts";
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
  const { hostname: host, service } = await attempted(lookupService(address, port), {
    syscall: "getnameinfo",
    address: formatAddress(address, port),
  });
  return { host, service };
}
