import { Sema } from "async-sema";
import type { Program } from "../../program.ts";
import { PERMITS } from "../sizes.ts";

export function taking(permits: number): Program {
  return {
    async run(n) {
      const sema = new Sema(permits);
      let taken = 0;
      while (taken < n) {
        await sema.acquire();
        taken++;
        sema.release();
      }
      return taken;
    },
  };
}

export const program: Program = taking(PERMITS);
