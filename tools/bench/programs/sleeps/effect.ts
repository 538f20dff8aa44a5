import { Effect, Fiber } from "effect";
import type { Program } from "../../program.ts";

const sleeps = Effect.fnUntraced(function* (n: number) {
  let woken = 0;
  const fibers: Fiber.Fiber<void>[] = [];
  for (let i = 0; i < n; i++) {
    const task = Effect.gen(function* () {
      yield* Effect.sleep(1 + (i % 10));
      woken++;
    });
    fibers.push(yield* Effect.forkChild(task));
  }
  yield* Fiber.joinAll(fibers);
  return woken;
});

export const program: Program = { run: (n) => Effect.runPromise(sleeps(n)) };
