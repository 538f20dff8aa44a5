import { checkpoint, MisuseError, TaskCancelled, type TaskStatus, type WaitOptions } from "@arborio/core";
import {
  cancelScope,
  currentScope,
  handled,
  scopeSignal,
  suspend,
  WaitQueue,
  type Task,
  type TaskOutcome,
} from "@arborio/core/lowlevel";

/**
 * A task of a group. It is not thenable: an async function that returns it would otherwise wait for it (T6).
 * The task's function is given its own handle.
 */
export interface TaskHandle<T = unknown, V = unknown> {
  readonly name: string;
  /** `cancelled` if a Cancelled ended it, also one its own scope absorbed. */
  readonly status: TaskStatus;
  /** What the task said with `started(value)`; undefined before, and for a task that was spawned. */
  readonly startValue: V | undefined;
  /** Aborts when the task is cancelled, by its handle, its group or from outside. */
  readonly signal: AbortSignal;
  /** Cancels this task alone, not its group. Idempotent. */
  cancel(reason?: unknown): void;
  /** Waits for the task's end, and never throws for the task. Cancelling the wait leaves the task alone. */
  wait(options?: WaitOptions): Promise<void>;
  /**
   * Waits for the task's end and gives its value.
   *
   * **Throws** the task's own error, which goes to the group as well; TaskCancelled if the task was cancelled.
   */
  result(options?: WaitOptions): Promise<T>;
}

/** The handle that a function run by `start` is given. */
export interface StartingTask<V> extends TaskHandle<unknown, V> {
  /**
   * Says that the task is up: `start` returns `value`, and the task is the group's from now on. If the call of `start` was
   * cancelled it hands nothing over (T5).
   *
   * @throws MisuseError when called twice, or in a task that was not started by `start`
   */
  started(...value: undefined extends V ? [value?: V] : [value: V]): void;
}

/** The machine behind a handle. */
export class TaskRecord<T, V> implements StartingTask<V>, TaskHandle<T, V> {
  /** Set by whoever starts the task, before it runs. */
  task!: Task;
  startValue: V | undefined = undefined;
  /** What `started` does; none for a spawned task. */
  onStarted: ((value: V) => void) | undefined = undefined;
  /** `started` was called. */
  said = false;
  private outcome: TaskOutcome<T> | undefined = undefined;
  private waiters: WaitQueue<void> | undefined = undefined;

  get name(): string {
    return this.task.name;
  }

  get status(): TaskStatus {
    return this.task.status;
  }

  get signal(): AbortSignal {
    return scopeSignal(this.task.scope);
  }

  cancel(reason?: unknown): void {
    if (this.outcome === undefined) cancelScope(this.task.scope, "cancel", reason, currentScope()?.task?.name);
  }

  wait(options?: WaitOptions): Promise<void> {
    if (this.outcome !== undefined) return checkpoint(options);
    const queue = (this.waiters ??= new WaitQueue());
    return suspend<void>((waiter) => queue.add(waiter), { ...options, waitingFor: `task '${this.name}' to end` });
  }

  result(options?: WaitOptions): Promise<T> {
    return handled(this.wait(options).then(() => this.open()));
  }

  started(...value: unknown[]): void {
    if (this.onStarted === undefined) throw new MisuseError(`Cannot say started: task '${this.name}' was spawned, not started`);
    this.onStarted(value[0] as V);
  }

  /** The task has ended. */
  ended(outcome: TaskOutcome<T>): void {
    this.outcome = outcome;
    this.waiters?.wakeAll();
  }

  private open(): T {
    const outcome = this.outcome as TaskOutcome<T>;
    if (outcome.kind === "value") return outcome.value;
    if (outcome.kind === "error" && this.status === "failed") throw outcome.error;
    const cause = outcome.kind === "error" ? outcome.error : this.task.scope.cancelled;
    throw new TaskCancelled(`Cannot get the result of task '${this.name}': it was cancelled`, { cause });
  }
}
