import { slot, type Slot } from "../slot.ts";
import type { Task } from "./task.ts";

/** The slot that was last asked whether it can be entered. */
let known: Slot | undefined;

/**
 * The slot, in which tasks are to run; before there is a promise for one's first turn.
 *
 * It is tried out in a run of its own, that it reaches nothing else: workerd's `enterWith` throws. The same run has Node before
 * 24, which follows promises only from the first on, do so before there is a task.
 */
export function slotOfTasks(): Slot {
  const ambient = slot();
  if (ambient === known) return ambient;
  known = ambient;
  try {
    ambient.run(true, () => ambient.enterWith?.(true), undefined);
  } catch {
    ambient.enterWith = undefined;
  }
  return ambient;
}

/**
 * Calls `fn` with a task as the current scope, and does not put back what was: a microtask is given to it, at the end of
 * which the host does. On Node `run` does that by a copy of all stores, as dear as the first.
 */
export function runToEnd(ambient: Slot, task: Task, fn: () => unknown): void {
  if (ambient.enterWith === undefined) return void ambient.run(task, fn, undefined);
  ambient.enterWith(task);
  fn();
}
