import { run, sleep, spawn, type Operation, type Task } from "effection";
import type { Program } from "../../program.ts";

function* sleeps(n: number): Operation<number> {
  let woken = 0;
  const tasks: Task<void>[] = [];
  for (let i = 0; i < n; i++) {
    const task = function* (): Operation<void> {
      yield* sleep(1 + (i % 10));
      woken++;
    };
    tasks.push(yield* spawn(task));
  }
  for (const one of tasks) yield* one;
  return woken;
}

export const program: Program = { limit: 1e3, run: (n) => run(() => sleeps(n)) };
