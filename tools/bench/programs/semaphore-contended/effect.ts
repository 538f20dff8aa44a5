import { Effect, Fiber, Semaphore } from "effect";
import type { Program } from "../../program.ts";
import { CONTENDERS, PERMITS } from "../sizes.ts";

export function contending(permits: number): Program {
  const contend = Effect.fnUntraced(function* (n: number) {
    const semaphore = yield* Semaphore.make(permits);
    let asked = 0;
    let had = 0;
    const hold = semaphore.withPermits(1)(
      Effect.andThen(
        Effect.yieldNow,
        Effect.sync(() => void had++),
      ),
    );
    const contender = Effect.gen(function* () {
      while (asked < n) {
        asked++;
        yield* hold;
      }
    });
    const fibers: Fiber.Fiber<void>[] = [];
    for (let i = 0; i < CONTENDERS; i++) fibers.push(yield* Effect.forkChild(contender));
    yield* Fiber.joinAll(fibers);
    return had;
  });
  return { run: (n) => Effect.runPromise(contend(n)) };
}

export const program: Program = contending(PERMITS);
