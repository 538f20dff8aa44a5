import { show, wrongType } from "@arborio/core/lowlevel";

// Arguments are checked first, at once.

/** A whole number of at least `least`, or `endless`, if that is given. */
export function checkCount(
  action: string,
  name: string,
  count: number,
  least: number = 1,
  endless?: typeof Infinity,
): number {
  if ((count === endless || Number.isSafeInteger(count)) && count >= least) return count;
  const or = endless === undefined ? "" : ` or ${endless}`;
  throw new RangeError(
    `Cannot ${action}: ${name} must be an integer of at least ${least}${or}, received ${show(count)}`,
  );
}

/** Something with a method of that name. */
export function checkHas<T>(action: string, method: string, value: T): T {
  if (typeof (value as Record<string, unknown> | null | undefined)?.[method] === "function") return value;
  throw wrongType(action, `it takes what has ${method}`, value);
}
