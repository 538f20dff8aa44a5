import type { AddressFamily } from "@arborio/core/backend";

// Arguments are checked first, synchronously.

export function checkHost(action: string, host: string): string {
  if (typeof host === "string" && host !== "") return host;
  throw new TypeError(`Cannot ${action}: host must be a name or an address, received ${show(host)}`);
}

/** @param least 1 to connect, 0 to listen: there the system then chooses */
export function checkPort(action: string, port: number, least: 0 | 1): number {
  if (Number.isInteger(port) && port >= least && port <= 65_535) return port;
  throw new RangeError(
    `Cannot ${action}: port must be an integer from ${String(least)} to 65535, received ${show(port)}`,
  );
}

/** A count of at least 1. */
export function checkCount(action: string, name: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new RangeError(`Cannot ${action}: ${name} must be an integer of at least 1, received ${show(count)}`);
}

export function checkBytes(action: string, bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`Cannot ${action}: it takes a Uint8Array, received ${show(bytes)}`);
}

/** A path of a UNIX socket. Only an abstract name has a NUL, its first. */
export function checkPath(action: string, path: string): string {
  if (typeof path === "string" && path !== "" && !path.includes("\0", 1)) return path;
  const reason =
    typeof path === "string" && path !== "" ? "must have no NUL but a first" : "must not be empty";
  throw new TypeError(`Cannot ${action}: path ${reason}, received ${show(path)}`);
}

export function checkFamily(action: string, family: AddressFamily): AddressFamily {
  if (["ipv4", "ipv6"].includes(family)) return family;
  throw new TypeError(`Cannot ${action}: family must be ipv4 or ipv6, received ${show(family)}`);
}

/** An integer of those bounds. */
export function checkRange(action: string, name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = `from ${String(least)} to ${String(most)}`;
  throw new RangeError(`Cannot ${action}: ${name} must be an integer ${range}, received ${show(value)}`);
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
