import { currentRuntime } from "../scope/current.ts";
import { suspend, type WaitOptions } from "./suspend.ts";

/**
 * Waits until every other task of the root waits for something: no wake-up is decided, delivered or on its way over a whole
 * turn of the event loop. For tests. A task that waits for a promise that is not the library's counts as waiting.
 */
export function waitAllTasksBlocked(options?: WaitOptions): Promise<void> {
  const runtime = currentRuntime(options?.signal);
  return suspend<void>(
    (waiter) => {
      let seen = -1;
      const look = (): void => {
        if (waiter.settled) return;
        if (runtime.activity === seen && runtime.undelivered === 0) return void waiter.resume();
        seen = runtime.activity;
        runtime.scheduler.hop(look);
      };
      runtime.scheduler.hop(look);
    },
    { signal: options?.signal, waitingFor: "all other tasks to wait" },
  );
}
