import PQueue from "p-queue";
import type { Program } from "../../program.ts";
import { PERMITS } from "../sizes.ts";

export const program: Program = {
  async run(n) {
    const queue = new PQueue({ concurrency: PERMITS });
    let taken = 0;
    while (taken < n) await queue.add(() => void taken++);
    return taken;
  },
};
