import { Semaphore } from "async-mutex";
import type { Program } from "../../program.ts";
import { done } from "../by-hand.ts";
import { CONTENDERS, PERMITS } from "../sizes.ts";

export const program: Program = {
  async run(n) {
    const semaphore = new Semaphore(PERMITS);
    let asked = 0;
    let had = 0;
    const contender = async (): Promise<void> => {
      while (asked < n) {
        asked++;
        const [, release] = await semaphore.acquire();
        try {
          await done;
          had++;
        } finally {
          release();
        }
      }
    };
    await Promise.all(Array.from({ length: CONTENDERS }, contender));
    return had;
  },
};
