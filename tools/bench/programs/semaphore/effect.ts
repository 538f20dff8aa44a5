import { Effect, Semaphore } from "effect";
import type { Program } from "../../program.ts";
import { PERMITS } from "../sizes.ts";

export function taking(permits: number): Program {
  const takes = Effect.fnUntraced(function* (n: number) {
    const semaphore = yield* Semaphore.make(permits);
    let taken = 0;
    const take = semaphore.withPermits(1)(Effect.sync(() => void taken++));
    while (taken < n) yield* take;
    return taken;
  });
  return { run: (n) => Effect.runPromise(takes(n)) };
}

export const program: Program = taking(PERMITS);
