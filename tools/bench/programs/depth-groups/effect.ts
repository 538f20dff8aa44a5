import { Effect, Fiber } from "effect";
import type { Program } from "../../program.ts";

const nested = Effect.fnUntraced(function* (n: number) {
  let opened = 0;
  const descend: Effect.Effect<void> = Effect.gen(function* () {
    if (opened === n) return yield* Effect.yieldNow;
    opened++;
    yield* Fiber.join(yield* Effect.forkChild(descend));
  });
  yield* descend;
  return opened;
});

export const program: Program = { run: (n) => Effect.runPromise(nested(n)) };
