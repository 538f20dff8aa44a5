import type { Program } from "../../program.ts";
import { done } from "../by-hand.ts";

export const program: Program = {
  async run(n) {
    let passed = 0;
    for (; passed < n; passed++) await done;
    return passed;
  },
};
