import { run, spawn, type Operation } from "effection";
import type { Program } from "../../program.ts";

function* nested(n: number): Operation<number> {
  let opened = 0;
  function* descend(): Operation<void> {
    if (opened === n) return;
    opened++;
    yield* yield* spawn(descend);
  }
  yield* descend();
  return opened;
}

export const program: Program = { limit: 1e3, run: (n) => run(() => nested(n)) };
