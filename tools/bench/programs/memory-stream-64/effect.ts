import { Effect, Fiber, Queue } from "effect";
import type { Program } from "../../program.ts";

/** Through a Queue. */
export function memoryStream(size: number, pairs = 1): Program {
  const through = Effect.fnUntraced(function* (n: number) {
    let received = 0;
    const fibers: Fiber.Fiber<void>[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const queue = yield* Queue.bounded<number>(size);
      const producer = Effect.gen(function* () {
        for (let item = pair; item < n; item += pairs) yield* Queue.offer(queue, item);
      });
      const consumer = Effect.gen(function* () {
        for (let left = pair; left < n; left += pairs) {
          if ((yield* Queue.take(queue)) % pairs === pair) received++;
        }
      });
      fibers.push(yield* Effect.forkChild(producer), yield* Effect.forkChild(consumer));
    }
    yield* Fiber.joinAll(fibers);
    return received;
  });
  return { run: (n) => Effect.runPromise(through(n)) };
}

export const program: Program = memoryStream(64);
