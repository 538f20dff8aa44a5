import { Deferred, Effect } from "effect";
import type { Program } from "../../program.ts";

/** Without handles: what effect recommends over fibers where it does. */
const spawnWaitJoin = Effect.fnUntraced(function* (n: number) {
  const event = yield* Deferred.make<void>();
  let arrived = 0;
  let woken = 0;
  const task = Effect.gen(function* () {
    if (++arrived === n) yield* Deferred.succeed(event, undefined);
    yield* Deferred.await(event);
    woken++;
  });
  const tasks = Array.from({ length: n }, () => task);
  yield* Effect.all(tasks, { concurrency: "unbounded", discard: true });
  return woken;
});

export const program: Program = { run: (n) => Effect.runPromise(spawnWaitJoin(n)) };
