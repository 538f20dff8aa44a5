/** Bytes that the heap may have grown by since a quarter of the time. */
export const GROWTH = 4 * (1 << 20);

/** The heap after a collection, in bytes, at a quarter of the time and at the end; gives the fault, if it is one. */
export function heapFault(quarter: number, end: number): string | undefined {
  const grown = end - quarter;
  if (grown <= GROWTH) return undefined;
  return `the heap has grown by ${mib(grown)} since a quarter of the time, and may by ${mib(GROWTH)}`;
}

export const mib = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`;
