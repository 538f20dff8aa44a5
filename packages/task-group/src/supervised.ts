import { split } from "@arborio/core";
import { callIn, isCancelledLeaf } from "@arborio/core/lowlevel";
import type { Group } from "./group.ts";
import type { TaskHandle, TaskRecord } from "./task-handle.ts";

/** What a supervised group does with the error of a task. */
export type OnError = (error: unknown, task: TaskHandle) => void | PromiseLike<void>;

/** A task of a supervised group failed: its error goes to `onError`, and the others live. */
export function supervise(
  group: Group,
  onError: OnError,
  error: unknown,
  task: TaskRecord<unknown, unknown>,
): void {
  const [cancelled, rest] = split(error, isCancelledLeaf);
  // A Cancelled on its way to a scope outside is the group's, as ever.
  if (cancelled !== undefined) group.fail(cancelled, task.name);
  if (cancelled !== undefined && rest === undefined) return;
  group.hold();
  void callIn(group, (failed) => onError(rest, failed), task)
    .catch((thrown: unknown) => group.fail(thrown, task.name))
    .then(() => group.release());
}
