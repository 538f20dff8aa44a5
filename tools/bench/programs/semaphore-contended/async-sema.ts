import { Sema } from "async-sema";
import type { Program } from "../../program.ts";
import { done } from "../by-hand.ts";
import { CONTENDERS, PERMITS } from "../sizes.ts";

export function contending(permits: number): Program {
  return {
    async run(n) {
      const sema = new Sema(permits, { capacity: CONTENDERS });
      let asked = 0;
      let had = 0;
      const contender = async (): Promise<void> => {
        while (asked < n) {
          asked++;
          await sema.acquire();
          try {
            await done;
            had++;
          } finally {
            sema.release();
          }
        }
      };
      await Promise.all(Array.from({ length: CONTENDERS }, contender));
      return had;
    },
  };
}

export const program: Program = contending(PERMITS);
