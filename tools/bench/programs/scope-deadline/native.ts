import type { Program } from "../../program.ts";
import { withTimeout } from "../by-hand.ts";

const nothing = (): void => {};

/** AbortController, setTimeout and one abort listener, all undone. */
export const program: Program = {
  async run(n) {
    let left = 0;
    const body = async (signal: AbortSignal): Promise<void> => {
      signal.addEventListener("abort", nothing, { once: true });
      left++;
      signal.removeEventListener("abort", nothing);
    };
    for (let i = 0; i < n; i++) await withTimeout(60_000, undefined, body);
    return left;
  },
};
