import { show } from "@arborio/core/lowlevel";

// Arguments are checked first, synchronously.

export function checkPath(action: string, path: string): string {
  if (typeof path === "string" && path !== "" && !path.includes("\0")) return path;
  throw new TypeError(
    `Cannot ${action}: path must be a string, not empty and without NUL, received ${show(path)}`,
  );
}

/** A number of bytes, at least `least`. */
export function checkSize(action: string, name: string, size: number, least: 0 | 1): number {
  if (Number.isSafeInteger(size) && size >= least) return size;
  throw new RangeError(
    `Cannot ${action}: ${name} must be an integer of at least ${String(least)}, received ${show(size)}`,
  );
}

export function checkPermissions(action: string, permissions: number | undefined): { mode?: number } {
  if (permissions === undefined) return {};
  if (Number.isInteger(permissions) && permissions >= 0 && permissions <= 0o7777)
    return { mode: permissions };
  throw new RangeError(
    `Cannot ${action}: permissions must be from 0 to 0o7777, received ${show(permissions)}`,
  );
}
