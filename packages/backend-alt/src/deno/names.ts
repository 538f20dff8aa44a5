import type { HostAddress, RawNames } from "@arborio/core/backend";
import { attempted, codeOf, osError } from "./os-error.ts";
import { formatAddress } from "./socket.ts";

// Deno's own resolver asks DNS alone, and tells nothing of the system's order; its node:dns asks the system.
interface Dns {
  lookup(
    host: string,
    options: { all: true; verbatim: true },
  ): Promise<{ address: string; family: number }[]>;
  lookupService(address: string, port: number): Promise<{ hostname: string; service: string }>;
}

function dns(): Dns {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: string): unknown } };
  return process.getBuiltinModule("node:dns/promises") as Dns;
}

/** The system's own resolver: its files and services besides DNS. */
export async function lookup(host: string): Promise<HostAddress[]> {
  const found = await attempted(dns().lookup(host, { all: true, verbatim: true }), {
    syscall: "getaddrinfo",
    address: host,
  });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? "ipv6" : "ipv4" }));
}

export async function reverse(address: string, port: number): Promise<RawNames> {
  try {
    const { hostname: host, service } = await dns().lookupService(address, port);
    return { host, service };
  } catch (error) {
    // It has no name: Deno asks with NI_NAMEREQD.
    if (codeOf(error) === "ENOTFOUND") return { host: address, service: String(port) };
    throw osError(error, { syscall: "getnameinfo", address: formatAddress(address, port) });
  }
}
