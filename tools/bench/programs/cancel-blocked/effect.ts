import { Effect, Fiber } from "effect";
import { countdown, turn, type Program } from "../../program.ts";

let parent: Fiber.Fiber<never>;
let cancelled: number;

export const program: Program = {
  async prepare(n) {
    const blocked = countdown(n);
    cancelled = 0;
    // Not a Deferred: it takes an interrupted waiter out of an array.
    const task = Effect.suspend(() => {
      blocked.arrive();
      return Effect.onInterrupt(Effect.never, () => Effect.sync(() => void cancelled++));
    });
    const tasks = Effect.gen(function* () {
      for (let i = 0; i < n; i++) yield* Effect.forkChild(task);
      return yield* Effect.never;
    });
    parent = Effect.runFork(tasks);
    await blocked.all;
    await turn();
  },
  async run() {
    await Effect.runPromise(Fiber.interrupt(parent));
    return cancelled;
  },
};
