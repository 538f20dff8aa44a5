import { TaskCancelled, type ScopeControl, type WaitOptions } from "@arborio/core";
import { callIn, checkFunction, openScope, unlessSignalled } from "@arborio/core/lowlevel";
import { Group } from "./group.ts";
import type { StartingTask, TaskHandle } from "./task-handle.ts";

/** How a task is started. */
export interface SpawnOptions extends WaitOptions {
  /** By default the function's name. */
  readonly name?: string | undefined;
  /**
   * Cancelled (source `exit`) when the body and all tasks that are no daemons have ended, and waited for: for heartbeats,
   * pollers, anything that serves the others. Its failure counts as any.
   */
  readonly daemon?: boolean | undefined;
}

/** How a group is opened. */
export interface TaskGroupOptions extends WaitOptions {
  /** For messages and the task tree; by default the function's name. */
  readonly name?: string | undefined;
}

/** A block's group of tasks. It can be handed to others; it is open until the block's body and all its tasks have ended. */
export interface TaskGroup {
  /**
   * Starts `fn` as a task of the group; it runs in the next turn, never before this returns (T4). Its failure cancels the group.
   *
   * @throws GroupClosedError after the group's end; TypeError for what is no function
   */
  spawn<T>(fn: (task: TaskHandle) => T | PromiseLike<T>, options?: SpawnOptions): TaskHandle<T, undefined>;

  /**
   * Starts `fn` and waits until it says `task.started(value)`; gives the value. Until then the task belongs to the caller: its
   * error is thrown here, as it is, and cancelling this call cancels it and waits for it, the group unharmed. Afterwards it is
   * the group's (T5).
   *
   * **Throws** the task's error before `started`; NotStartedError if it returns without; GroupClosedError.
   */
  start<V, T = unknown>(
    fn: (task: StartingTask<V>) => T | PromiseLike<T>,
    options: SpawnOptions & { readonly returnHandle: true },
  ): Promise<TaskHandle<T, V>>;
  start<V>(fn: (task: StartingTask<V>) => unknown, options?: SpawnOptions): Promise<V>;

  /** Cancels the group's scope: its body and all its tasks. */
  cancel(reason?: unknown): void;
  /** Aborts when the group is cancelled, from within or without. */
  readonly signal: AbortSignal;
  /** The group's scope: deadline, shield, whether it was cancelled. */
  readonly scope: ScopeControl;
}

/**
 * Runs `fn` with a group of tasks, and ends when `fn` and all the tasks have ended, cleanup included (T1). Gives `fn`'s value.
 *
 * **Cancellation** The first failure, of the body or of a task, cancels all the others. A cancellation from outside reaches
 * body and tasks; the group waits for them.
 *
 * **Throws** TaskGroupError with all errors, even a single one (T2), a TaskCancelled for the cancellation of a scope
 * elsewhere among them (T18); a plain Cancelled if there are only cancellations and an outer scope is cancelled (T3);
 * TaskCancelled if the group's own `cancel()` or deadline cut the body and nothing failed (T12); the reason of a foreign
 * `{ signal }` that cut it (C17).
 */
export function taskGroup<T>(
  fn: (group: TaskGroup) => T | PromiseLike<T>,
  options: TaskGroupOptions = {},
): Promise<T> {
  checkFunction("open the task group", fn);
  return runGroup(new Group(options.name ?? fn.name), fn, options);
}

/** Runs `fn` as the body of a group. */
export function runGroup<G extends Group, T>(
  group: G,
  fn: (group: G) => T | PromiseLike<T>,
  options: WaitOptions = {},
): Promise<T> {
  openScope(group, options);
  let finish = (): T => {
    throw new TaskCancelled(`Cannot finish ${group.name}: it was cancelled`, { cause: group.cancelled });
  };
  const call: Promise<T> = callIn<G, T, void>(
    group,
    fn,
    group,
    (value) => void (finish = () => value),
    (error) => group.fail(error),
  )
    .then(() => group.close())
    .then(() => {
      group.conclude(call);
      return group.caught ? unlessSignalled(group, finish) : finish();
    });
  return call;
}
