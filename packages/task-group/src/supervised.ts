import { split } from "@arborio/core";
import { callIn, checkFunction, isCancelledLeaf } from "@arborio/core/lowlevel";
import { Group } from "./group.ts";
import type { TaskGroupOptions } from "./task-group.ts";
import type { TaskHandle, TaskRecord } from "./task-handle.ts";

/** What a supervised group does with the error of a task. */
export type OnError = (error: unknown, task: TaskHandle) => void | PromiseLike<void>;

/** A group whose tasks' errors go to a function, and do not cancel the others. */
class SupervisedGroup extends Group {
  readonly #onError: OnError;

  constructor(name: string, onError: OnError) {
    super(name);
    this.#onError = checkFunction("supervise the task group", onError);
  }

  protected override failed(error: unknown, task: TaskRecord<unknown, unknown>): void {
    const [cancelled, rest] = split(error, isCancelledLeaf);
    // A Cancelled on its way to a scope outside is the group's, as ever.
    if (cancelled !== undefined) this.fail(cancelled, task.name);
    if (cancelled !== undefined && rest === undefined) return;
    this.hold();
    void callIn(this, (late) => this.#onError(rest, late), task)
      .catch((thrown: unknown) => this.fail(thrown, task.name))
      .then(() => this.release());
  }
}

/** A group, supervised or not. */
export function makeGroup(name: string, { onError }: TaskGroupOptions): Group {
  return onError === undefined ? new Group(name) : new SupervisedGroup(name, onError);
}
