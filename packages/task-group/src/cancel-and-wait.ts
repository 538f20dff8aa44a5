import type { WaitOptions } from "@arborio/core";
import type { TaskHandle } from "./task-handle.ts";

/**
 * Cancels a task, and waits until it has ended, clean-up included. Never throws for the task; its failure goes to its group.
 *
 * **Cancellation** Ends the waiting; the task stays cancelled.
 */
export function cancelAndWait(task: TaskHandle, reason?: unknown, options?: WaitOptions): Promise<void> {
  task.cancel(reason);
  return task.wait(options);
}
