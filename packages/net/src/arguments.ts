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

/** Ms; infinite for none. */
export function checkTimeout(action: string, name: string, timeout: number): number {
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw new RangeError(`Cannot ${action}: ${name} must be ms, more than 0, received ${show(timeout)}`);
}

export function checkBytes(action: string, bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`Cannot ${action}: it takes a Uint8Array, received ${show(bytes)}`);
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
