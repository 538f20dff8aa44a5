import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Collects garbage, where one can ask for it. */
export const collect: (() => void) | undefined = runInNewContext(
  "typeof gc === 'function' ? gc : undefined",
) as (() => void) | undefined;
