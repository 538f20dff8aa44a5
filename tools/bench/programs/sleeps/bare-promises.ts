import type { Program } from "../../program.ts";

/** Nothing here can be cancelled. */
export const program: Program = {
  async run(n) {
    let woken = 0;
    const task = async (ms: number): Promise<void> => {
      await new Promise<void>((resolve) => setTimeout(resolve, ms));
      woken++;
    };
    await Promise.all(Array.from({ length: n }, (_, i) => task(1 + (i % 10))));
    return woken;
  },
};
