import type { WaitOptions } from "@arborio/core";
import { functionsOf, PolicyGroup, runTasks, type TaskFunction } from "./policy.ts";

/** What a list of functions gives: their values, each in its place. */
export type Values<F extends readonly TaskFunction<unknown>[]> = {
  -readonly [K in keyof F]: Awaited<ReturnType<F[K]>>;
};

/**
 * Runs functions as tasks, at the same time, and gives their values in the functions' order.
 *
 * **Cancellation** The first failure cancels the others, which are waited for (T10).
 *
 * **Throws** TaskGroupError with all errors; its `cause` is the first failure (T11).
 */
export function all<const F extends readonly TaskFunction<unknown>[]>(
  fns: F,
  options?: WaitOptions,
): Promise<Values<F>> {
  const list = functionsOf("run all", fns);
  return runTasks(new PolicyGroup("all"), list, options, (tasks) => {
    return tasks.map((task) => task.unwrap()) as Values<F>;
  });
}
