import { run, spawn, suspend, type Operation, type Task } from "effection";
import { countdown, turn, type Program } from "../../program.ts";

let root: Task<void>;
let cancelled: number;

export const program: Program = {
  limit: 1e3,
  async prepare(n) {
    const blocked = countdown(n);
    cancelled = 0;
    function* task(): Operation<void> {
      blocked.arrive();
      try {
        yield* suspend();
      } finally {
        cancelled++;
      }
    }
    root = run(function* () {
      for (let i = 0; i < n; i++) void (yield* spawn(task));
      yield* suspend();
    });
    await blocked.all;
    await turn();
  },
  async run() {
    await root.halt();
    return cancelled;
  },
};
