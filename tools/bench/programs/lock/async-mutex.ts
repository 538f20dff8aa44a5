import { Mutex } from "async-mutex";
import type { Program } from "../../program.ts";

export const program: Program = {
  async run(n) {
    const mutex = new Mutex();
    let taken = 0;
    while (taken < n) {
      const release = await mutex.acquire();
      taken++;
      release();
    }
    return taken;
  },
};
