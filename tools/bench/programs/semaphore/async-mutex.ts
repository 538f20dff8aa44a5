import { Semaphore } from "async-mutex";
import type { Program } from "../../program.ts";
import { PERMITS } from "../sizes.ts";

export const program: Program = {
  async run(n) {
    const semaphore = new Semaphore(PERMITS);
    let taken = 0;
    while (taken < n) {
      const [, release] = await semaphore.acquire();
      taken++;
      release();
    }
    return taken;
  },
};
