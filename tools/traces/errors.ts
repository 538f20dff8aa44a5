import { isCancelled, isError, isTimeout, leaves } from "@arborio/core";
import { isCancelledLeaf } from "@arborio/core/lowlevel";

/** An error named E by a program. */
export class Raised extends Error {}

/** How traces write an error: the names of its leaves, sorted and joined. */
export function errorText(error: unknown): string {
  return leaves(error).map(leafText).sort().join("+");
}

function leafText(error: unknown): string {
  if (error instanceof Raised) return error.message;
  if (isCancelledLeaf(error)) return "Cancelled";
  if (isTimeout(error)) return "Timeout";
  if (isError(error, "NotStartedError")) return "RuntimeError";
  return RESOURCE_ERRORS.find((name) => isError(error, name))?.replace(/Error$/, "") ?? String(error);
}

const RESOURCE_ERRORS = ["EndOfStream", "BrokenResourceError", "ClosedResourceError", "WouldBlock"] as const;

/** What a `try` block of a program catches. */
export function isPlain(error: unknown): boolean {
  return !isCancelled(error);
}
