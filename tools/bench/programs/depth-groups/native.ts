import type { Program } from "../../program.ts";
import { done, withGroup } from "../by-hand.ts";

/** A group's AbortController follows the one above by a listener. */
export const program: Program = {
  async run(n) {
    let opened = 0;
    const descend = async (outer?: AbortSignal): Promise<void> => {
      await done;
      outer?.throwIfAborted();
      if (opened === n) return;
      opened++;
      await withGroup(outer, (signal) => Promise.all([descend(signal)]));
    };
    await descend();
    return opened;
  },
};
