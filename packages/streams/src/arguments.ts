import { wrongType } from "@arborio/core/lowlevel";

// Arguments are checked first, at once.

/** A count of at least `least`. */
export function checkCount(action: string, name: string, count: number, least: number = 1): void {
  if (!Number.isSafeInteger(count) || count < least)
    throw new RangeError(
      `Cannot ${action}: ${name} must be an integer of at least ${least}, received ${count}`,
    );
}

/** A count that may be Infinity too. */
export function checkSize(action: string, size: number, least: number = 0): number {
  if (size !== Infinity) checkCount(action, "size, unless Infinity,", size, least);
  return size;
}

export function checkBytes(action: string, bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw wrongType(action, "it takes a Uint8Array", bytes);
}

/** Something with a method of that name. */
export function checkHas<T>(action: string, method: string, value: T): T {
  if (typeof (value as Record<string, unknown> | null | undefined)?.[method] === "function") return value;
  throw wrongType(action, `it takes what has ${method}`, value);
}
