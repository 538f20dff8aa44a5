import { Effect } from "effect";
import type { TimeoutError } from "effect/Cause";
import type { Program } from "../../program.ts";

const descend = (left: number): Effect.Effect<number, TimeoutError> =>
  Effect.gen(function* () {
    if (left === 0) {
      yield* Effect.yieldNow;
      return 0;
    }
    return 1 + (yield* Effect.timeout(descend(left - 1), "60 seconds"));
  });

export const program: Program = { run: (n) => Effect.runPromise(descend(n)) };
