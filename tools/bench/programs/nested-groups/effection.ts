import { run, scoped, spawn, type Operation, type Task } from "effection";
import type { Program } from "../../program.ts";

function* nestedGroups(n: number): Operation<number> {
  let ended = 0;
  // eslint-disable-next-line require-yield -- it has no checkpoint to pass
  function* task(): Operation<void> {
    ended++;
  }
  function* group(): Operation<void> {
    const tasks: Task<void>[] = [];
    for (let i = 0; i < 10; i++) tasks.push(yield* spawn(task));
    for (const one of tasks) yield* one;
  }
  const groups: Task<void>[] = [];
  for (let i = 0; i < n; i++) groups.push(yield* spawn(() => scoped(group)));
  for (const one of groups) yield* one;
  return ended / 10;
}

/** A thousand tasks. */
export const program: Program = { limit: 1e2, run: (n) => run(() => nestedGroups(n)) };
