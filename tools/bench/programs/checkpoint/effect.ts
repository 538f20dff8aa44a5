import { Effect, Fiber } from "effect";
import type { Program } from "../../program.ts";

const checkpoints = Effect.fnUntraced(function* (n: number) {
  let passed = 0;
  const task = Effect.gen(function* () {
    for (; passed < n; passed++) yield* Effect.yieldNow;
  });
  yield* Fiber.join(yield* Effect.forkChild(task));
  return passed;
});

/** Each lets others run: a turn of the event loop, where ours takes one only after some ms. */
export const program: Program = { run: (n) => Effect.runPromise(checkpoints(n)) };
