import { Deferred, Effect, Fiber } from "effect";
import { countdown, turn, type Program } from "../../program.ts";

let event: Deferred.Deferred<void>;
let ended: Promise<number>;

export const program: Program = {
  async prepare(n) {
    event = Effect.runSync(Deferred.make<void>());
    const waiting = countdown(n);
    let woken = 0;
    const task = Effect.gen(function* () {
      waiting.arrive();
      yield* Deferred.await(event);
      woken++;
    });
    const tasks = Effect.gen(function* () {
      const fibers: Fiber.Fiber<void>[] = [];
      for (let i = 0; i < n; i++) fibers.push(yield* Effect.forkChild(task));
      yield* Fiber.joinAll(fibers);
      return woken;
    });
    ended = Effect.runPromise(tasks);
    await waiting.all;
    await turn();
  },
  async run() {
    await Effect.runPromise(Deferred.succeed(event, undefined));
    return ended;
  },
};
