import { run, spawn, withResolvers, type Operation, type Task } from "effection";
import type { Program } from "../../program.ts";

function* spawnWaitJoin(n: number): Operation<number> {
  const event = withResolvers<void>();
  let arrived = 0;
  let woken = 0;
  function* task(): Operation<void> {
    if (++arrived === n) event.resolve();
    yield* event.operation;
    woken++;
  }
  const tasks: Task<void>[] = [];
  for (let i = 0; i < n; i++) tasks.push(yield* spawn(task));
  for (const one of tasks) yield* one;
  return woken;
}

export const program: Program = { limit: 1e3, run: (n) => run(() => spawnWaitJoin(n)) };
