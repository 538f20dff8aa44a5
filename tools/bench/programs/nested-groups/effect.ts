import { Effect, Fiber } from "effect";
import type { Program } from "../../program.ts";

const nestedGroups = Effect.fnUntraced(function* (n: number) {
  let ended = 0;
  const task = Effect.gen(function* () {
    yield* Effect.yieldNow;
    ended++;
  });
  const group = Effect.gen(function* () {
    const fibers: Fiber.Fiber<void>[] = [];
    for (let i = 0; i < 10; i++) fibers.push(yield* Effect.forkChild(task));
    yield* Fiber.joinAll(fibers);
  });
  const groups: Fiber.Fiber<void>[] = [];
  for (let i = 0; i < n; i++) groups.push(yield* Effect.forkChild(group));
  yield* Fiber.joinAll(groups);
  return ended / 10;
});

export const program: Program = { run: (n) => Effect.runPromise(nestedGroups(n)) };
