import { split } from "@arborio/core";
import { callIn, checkFunction, isCancelledLeaf } from "@arborio/core/lowlevel";
import { Group } from "./group.ts";
import { runGroup, type TaskGroup, type TaskGroupOptions } from "./task-group.ts";
import type { TaskHandle, TaskRecord } from "./task-handle.ts";

/** What a supervised group does with the error of a task. */
export type OnError = (error: unknown, task: TaskHandle) => void | PromiseLike<void>;

/**
 * As `taskGroup`, but what a task throws goes to `onError`, with the task's handle, and the others live on. Cancellations are
 * no errors, except that of another task, which is a TaskCancelled (T18). The body's own error fails the group as ever.
 *
 * `onError` is called in the group's scope and may spawn again. If it throws, or the promise it gives rejects, that fails the
 * group, which waits for the promise (T16).
 *
 * **Throws** as `taskGroup` does.
 */
export function supervisedGroup<T>(
  fn: (group: TaskGroup) => T | PromiseLike<T>,
  onError: OnError,
  options: TaskGroupOptions = {},
): Promise<T> {
  checkFunction("open the supervised group", fn);
  return runGroup(new SupervisedGroup(options.name ?? fn.name, onError), fn, options);
}

class SupervisedGroup extends Group {
  readonly #onError: OnError;

  constructor(name: string, onError: OnError) {
    super(name);
    this.#onError = checkFunction("supervise the tasks", onError);
  }

  override failed(error: unknown, task: TaskRecord<unknown, unknown>): void {
    supervise(this, this.#onError, error, task);
  }
}

/** A task of a supervised group failed. */
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
  void callIn(group, (failed: TaskHandle) => onError(rest, failed), task)
    .catch((thrown: unknown) => group.fail(thrown, task.name))
    .then(() => group.release());
}
