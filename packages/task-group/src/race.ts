import type { WaitOptions } from "@arborio/core";
import { PolicyGroup, runTasks, someFunctions, winnerOf, type TaskFunction } from "./policy.ts";

/**
 * Runs functions as tasks, at the same time: the first to end decides, with its value or its error. The others are cancelled
 * and waited for (T10).
 *
 * **Throws** the winner's own error. If the clean-up of a loser fails too: TaskGroupError, with the winner's error, if it
 * failed, first and as `cause` (T11). RangeError for no functions.
 */
export function race<T>(fns: Iterable<TaskFunction<T>>, options?: WaitOptions): Promise<T> {
  const list = someFunctions("race", fns);
  const group = new PolicyGroup("race", { wins: () => true, bare: true });
  return runTasks(group, list, options, (tasks) => winnerOf(group, tasks));
}
