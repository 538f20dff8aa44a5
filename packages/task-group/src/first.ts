import type { WaitOptions } from "@arborio/core";
import { functionsOf, PolicyGroup, runTasks, type TaskFunction } from "./policy.ts";

/**
 * Runs functions as tasks, at the same time, and gives the first value that is not null or undefined; `undefined` if none
 * is. The others are cancelled and waited for (T10).
 *
 * **Throws** the error of the first that fails before there is such a value: it too cancels the others. If the clean-up of
 * another fails too: TaskGroupError, as `race` does (T11).
 */
export function first<T>(
  fns: Iterable<TaskFunction<T>>,
  options?: WaitOptions,
): Promise<NonNullable<T> | undefined> {
  const list = functionsOf("run first", fns);
  const group = new PolicyGroup("first", {
    wins: (value) => value !== null && value !== undefined,
    bare: true,
  });
  return runTasks(group, list, options, () => group.winner?.unwrap() as NonNullable<T> | undefined);
}
