import type { WaitOptions } from "@arborio/core";
import { failureOf, functionsOf, PolicyGroup, runTasks, type TaskFunction } from "./policy.ts";

/** How each of a list of functions ended, each in its place. */
export type Outcomes<F extends readonly TaskFunction<unknown>[]> = {
  -readonly [K in keyof F]: PromiseSettledResult<Awaited<ReturnType<F[K]>>>;
};

/**
 * Runs functions as tasks, at the same time, and says of each how it ended, in the functions' order. None is cancelled for
 * another's failure; one that cancelled itself is rejected with TaskCancelled.
 *
 * **Cancellation** One from outside passes on, with what fails while being cancelled.
 */
export function allSettled<const F extends readonly TaskFunction<unknown>[]>(
  fns: F,
  options?: WaitOptions,
): Promise<Outcomes<F>> {
  const list = functionsOf("settle all", fns);
  return runTasks(new PolicyGroup("allSettled", { tolerant: true }), list, options, (tasks) => {
    return tasks.map((task) =>
      task.end === "value"
        ? { status: "fulfilled", value: task.outcome }
        : { status: "rejected", reason: failureOf(task) },
    ) as Outcomes<F>;
  });
}
