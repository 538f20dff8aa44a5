import { Effect } from "effect";
import type { Program } from "../../program.ts";

const scopes = Effect.fnUntraced(function* (n: number) {
  let left = 0;
  const body = Effect.sync(() => void left++);
  for (let i = 0; i < n; i++) yield* Effect.timeout(body, "60 seconds");
  return left;
});

export const program: Program = { run: (n) => Effect.runPromise(scopes(n)) };
