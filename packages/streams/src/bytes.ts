import { wrongType } from "@arborio/core/lowlevel";

/** @throws TypeError for what is no Uint8Array */
export function checkBytes(action: string, bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw wrongType(action, "it takes a Uint8Array", bytes);
}

/** @throws RangeError for what is no whole number of at least 1 */
export function checkMaxBytes(action: string, maxBytes: number): number {
  if (Number.isSafeInteger(maxBytes) && maxBytes >= 1) return maxBytes;
  throw new RangeError(
    `Cannot ${action}: maxBytes must be an integer of at least 1, received ${String(maxBytes)}`,
  );
}
