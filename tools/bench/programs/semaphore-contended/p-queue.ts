import PQueue from "p-queue";
import type { Program } from "../../program.ts";
import { done } from "../by-hand.ts";
import { CONTENDERS, PERMITS } from "../sizes.ts";

export const program: Program = {
  async run(n) {
    const queue = new PQueue({ concurrency: PERMITS });
    let asked = 0;
    let had = 0;
    const hold = async (): Promise<void> => {
      await done;
      had++;
    };
    const contender = async (): Promise<void> => {
      while (asked < n) {
        asked++;
        await queue.add(hold);
      }
    };
    await Promise.all(Array.from({ length: CONTENDERS }, contender));
    return had;
  },
};
