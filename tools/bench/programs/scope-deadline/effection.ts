import { race, run, sleep, type Operation } from "effection";
import type { Program } from "../../program.ts";

function* scopes(n: number): Operation<number> {
  let left = 0;
  // eslint-disable-next-line require-yield -- in and out
  function* body(): Operation<void> {
    left++;
  }
  for (let i = 0; i < n; i++) yield* race([body(), sleep(60_000)]);
  return left;
}

export const program: Program = { limit: 1e3, run: (n) => run(() => scopes(n)) };
