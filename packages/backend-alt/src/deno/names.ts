import { OSError, type HostAddress, type RawNames } from "@arborio/core/backend";
import { codeOf, denialOf, osError, type Attempt } from "./os-error.ts";
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
  try {
    const found = await dns().lookup(host, { all: true, verbatim: true });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? "ipv6" : "ipv4" }));
  } catch (error) {
    throw lookupError(error, { syscall: "getaddrinfo", address: host });
  }
}

export async function reverse(address: string, port: number): Promise<RawNames> {
  try {
    const { hostname: host, service } = await dns().lookupService(address, port);
    return { host, service };
  } catch (error) {
    // It has no name: Deno asks with NI_NAMEREQD.
    if (codeOf(error) === "ENOTFOUND") return { host: address, service: String(port) };
    throw lookupError(error, { syscall: "getnameinfo", address: formatAddress(address, port) });
  }
}

/** Deno's node:dns says of a denied permission no more than `EPERM`, which no lookup of the system fails with. */
function lookupError(cause: unknown, attempt: Attempt): OSError {
  if (codeOf(cause) !== "EPERM") return osError(cause, attempt);
  return new OSError({ ...attempt, code: "EACCES", cause, reason: denialOf("--allow-net") });
}
