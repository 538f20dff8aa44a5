import { moveOnAfter } from "@arborio/cancellation";
import { checkpoint } from "@arborio/core";
import { run } from "arborio";
import type { Program } from "../../program.ts";

async function descend(left: number): Promise<number> {
  if (left === 0) {
    await checkpoint();
    return 0;
  }
  const below = await moveOnAfter(60_000, () => descend(left - 1));
  return 1 + (below ?? 0);
}

export const program: Program = { run: (n) => run(() => descend(n)) };
