/** @throws RangeError for what is no whole number from `least` on, nor Infinity */
export function checkSize(action: string, size: number, least: 0 | 1): number {
  if (size >= least && (size === Infinity || Number.isInteger(size))) return size;
  throw new RangeError(
    `Cannot ${action}: size must be a whole number from ${least} on, or Infinity, received ${String(size)}`,
  );
}
