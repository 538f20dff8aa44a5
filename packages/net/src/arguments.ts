import type { AddressFamily } from "@arborio/core/backend";
import { show } from "@arborio/core/lowlevel";

// Arguments are checked first, synchronously.

export function checkHost(action: string, host: string, name = "host"): string {
  if (typeof host === "string" && host !== "") return host;
  throw new TypeError(`Cannot ${action}: ${name} must be a name or an address, received ${show(host)}`);
}

/** @param least 1 to connect, 0 to listen: there the system then chooses */
export function checkPort(action: string, port: number, least: 0 | 1, name = "port"): number {
  if (Number.isInteger(port) && port >= least && port <= 65_535) return port;
  throw new RangeError(
    `Cannot ${action}: ${name} must be an integer from ${String(least)} to 65535, received ${show(port)}`,
  );
}

/** Ms, from 0 on. */
export function checkDelay(action: string, name: string, delay: number): number {
  if (typeof delay === "number" && delay >= 0) return delay;
  throw new (typeof delay === "number" ? RangeError : TypeError)(
    `Cannot ${action}: ${name} must be a number of ms from 0 on, received ${show(delay)}`,
  );
}

export function checkBoolean(action: string, name: string, value: boolean): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`Cannot ${action}: ${name} must be true or false, received ${show(value)}`);
}

export function checkFamily(action: string, family: AddressFamily | undefined): AddressFamily | undefined {
  if (family === undefined || family === "ipv4" || family === "ipv6") return family;
  throw new TypeError(`Cannot ${action}: family must be "ipv4" or "ipv6", received ${show(family)}`);
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

/** A path of a UNIX socket. Only an abstract name has a NUL, its first. */
export function checkPath(action: string, path: string): string {
  const fault = pathFault(path);
  if (fault === undefined) return path;
  throw new TypeError(`Cannot ${action}: path must ${fault}, received ${show(path)}`);
}

function pathFault(path: string): string | undefined {
  if (typeof path !== "string") return "be a string";
  if (path === "") return "not be empty";
  return path.includes("\0", 1) ? "have no NUL but a first" : undefined;
}

/** An integer of those bounds. */
export function checkRange(action: string, name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = `from ${String(least)} to ${String(most)}`;
  throw new RangeError(`Cannot ${action}: ${name} must be an integer ${range}, received ${show(value)}`);
}
