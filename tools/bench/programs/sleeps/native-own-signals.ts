import type { Program } from "../../program.ts";
import { sleep } from "../by-hand.ts";

/** A timer and an AbortController a task. */
export const program: Program = {
  async run(n) {
    let woken = 0;
    const task = async (ms: number, signal: AbortSignal): Promise<void> => {
      await sleep(ms, signal);
      woken++;
    };
    const tasks = Array.from({ length: n }, (_, i) => task(1 + (i % 10), new AbortController().signal));
    await Promise.all(tasks);
    return woken;
  },
};
