import type { WaitOptions } from "@arborio/core";
import { PolicyGroup, runTasks, someFunctions, winnerOf, type TaskFunction } from "./policy.ts";

/**
 * Runs functions as tasks, at the same time, and gives the first value. Failures before it are passed over; the others are
 * cancelled and waited for (T10).
 *
 * **Throws** TaskGroupError if all fail, with all their errors in the functions' order; if the clean-up of a loser fails,
 * with that (T11). RangeError for no functions.
 */
export function any<T>(fns: Iterable<TaskFunction<T>>, options?: WaitOptions): Promise<T> {
  const list = someFunctions("run any", fns);
  const group = new PolicyGroup("any", { wins: () => true, tolerant: true });
  return runTasks(group, list, options, (tasks) => winnerOf(group, tasks));
}
