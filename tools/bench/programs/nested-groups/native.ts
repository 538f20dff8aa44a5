import type { Program } from "../../program.ts";
import { done, withGroup } from "../by-hand.ts";

/** A group's AbortController follows the outer one by a listener. */
export const program: Program = {
  async run(n) {
    let ended = 0;
    const task = async (signal: AbortSignal): Promise<void> => {
      await done;
      signal.throwIfAborted();
      ended++;
    };
    const group = (outer: AbortSignal): Promise<unknown> =>
      withGroup(outer, (signal) => Promise.all(Array.from({ length: 10 }, () => task(signal))));
    await withGroup(undefined, (outer) => Promise.all(Array.from({ length: n }, () => group(outer))));
    return ended / 10;
  },
};
