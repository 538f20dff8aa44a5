import type { Program } from "../../program.ts";

const nothing = (): void => {};

/** AbortSignal.timeout, and one abort listener, undone; the signal's timer cannot be. */
export const program: Program = {
  async run(n) {
    let left = 0;
    const body = async (signal: AbortSignal): Promise<void> => {
      signal.addEventListener("abort", nothing, { once: true });
      left++;
      signal.removeEventListener("abort", nothing);
    };
    for (let i = 0; i < n; i++) await body(AbortSignal.timeout(60_000));
    return left;
  },
};
