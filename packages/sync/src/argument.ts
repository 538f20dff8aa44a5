import { wrongType } from "@arborio/core/lowlevel";

/**
 * @throws TypeError for what is no number, RangeError for what is no whole number from `least` to `most`. `Infinity` will do
 *   where that is `most`
 */
export function checkWhole(
  action: string,
  argument: string,
  value: number,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value !== "number") throw wrongType(action, `${argument} must be a number`, value);
  if (value >= least && value <= most && (value === Infinity || Number.isInteger(value))) return value;
  throw new RangeError(
    `Cannot ${action}: ${argument} must be a whole number from ${least} to ${most}, received ${value}`,
  );
}
