import type { Program } from "../../program.ts";
import { done, withTimeout } from "../by-hand.ts";

async function descend(left: number, outer: AbortSignal | undefined): Promise<number> {
  if (left === 0) {
    await done;
    outer?.throwIfAborted();
    return 0;
  }
  return 1 + (await withTimeout(60_000, outer, (signal) => descend(left - 1, signal)));
}

export const program: Program = { run: (n) => descend(n, undefined) };
