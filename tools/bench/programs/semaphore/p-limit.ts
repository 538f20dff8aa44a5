import pLimit from "p-limit";
import type { Program } from "../../program.ts";
import { PERMITS } from "../sizes.ts";

export const program: Program = {
  async run(n) {
    const limit = pLimit(PERMITS);
    let taken = 0;
    while (taken < n) await limit(() => void taken++);
    return taken;
  },
};
