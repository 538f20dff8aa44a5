import { Deferred, Effect, Fiber } from "effect";
import type { Program } from "../../program.ts";

const spawnWaitJoin = Effect.fnUntraced(function* (n: number) {
  const event = yield* Deferred.make<void>();
  let arrived = 0;
  let woken = 0;
  const task = Effect.gen(function* () {
    if (++arrived === n) yield* Deferred.succeed(event, undefined);
    yield* Deferred.await(event);
    woken++;
  });
  const fibers: Fiber.Fiber<void>[] = [];
  for (let i = 0; i < n; i++) fibers.push(yield* Effect.forkChild(task));
  yield* Fiber.joinAll(fibers);
  return woken;
});

export const program: Program = { run: (n) => Effect.runPromise(spawnWaitJoin(n)) };
