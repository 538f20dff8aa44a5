import { race, run, sleep, type Operation } from "effection";
import type { Program } from "../../program.ts";

function* descend(left: number): Operation<number> {
  if (left === 0) return 0;
  return 1 + ((yield* race([descend(left - 1), sleep(60_000)])) ?? 0);
}

export const program: Program = { limit: 1e3, run: (n) => run(() => descend(n)) };
