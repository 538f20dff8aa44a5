import { checkpoint, MisuseError, TaskCancelled, type TaskStatus, type WaitOptions } from "@arborio/core";
import { ABSORBED, handled, suspend, Task, type Waiter, type WaitRecord } from "@arborio/core/lowlevel";
import type { Group } from "./group.ts";

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

/** A call of `start`, which has the task until that says started. */
export interface Start {
  /** Gets what `start` gives. */
  readonly waiter: WaitRecord<never>;
  readonly returnHandle: boolean;
  /** What was given to `started`, once it was called. */
  said?: readonly unknown[];
}

/** The machine of a group's task; users see it as a handle. */
export class TaskRecord<T, V> extends Task<T> implements StartingTask<V>, TaskHandle<T, V> {
  readonly group: Group;
  /** Ends when all others of the group have ended. */
  readonly daemon: boolean;
  /** None for a spawned task. */
  start: Start | undefined;
  #waiters: Set<Waiter<void>> | undefined;

  constructor(name: string, group: Group, daemon: boolean) {
    super(name);
    this.group = group;
    this.daemon = daemon;
  }

  get startValue(): V | undefined {
    return this.start?.said?.[0] as V | undefined;
  }

  wait(options?: WaitOptions): Promise<void> {
    if (this.end !== undefined) return checkpoint(options);
    const waiters = (this.#waiters ??= new Set());
    const arm = (waiter: Waiter<void>): (() => void) => {
      waiters.add(waiter);
      return () => waiters.delete(waiter);
    };
    return suspend(arm, { signal: options?.signal, waitingFor: `task '${this.name}' to end` });
  }

  result(options?: WaitOptions): Promise<T> {
    return handled(this.wait(options).then(() => this.unwrap()));
  }

  started(...value: unknown[]): void {
    const { name, start } = this;
    if (start === undefined) throw new MisuseError(`Cannot say started: task '${name}' was spawned`);
    if (start.said !== undefined) throw new MisuseError(`Cannot say started: task '${name}' said so before`);
    start.said = value;
    this.group.takeOver(this, start);
  }

  protected override ended(): void {
    // First whoever waits for this task, also a sibling, has its end (C5); then its failure cancels the siblings.
    this.#waiters?.forEach((waiter) => waiter.resume());
    this.group.ended(this);
  }

  /** The value of a task that has ended, or its error. */
  unwrap(): T {
    const { cancelled, outcome, status } = this;
    if (status === "finished") return outcome as T;
    if (status === "failed") throw outcome;
    const cause = outcome === ABSORBED ? cancelled : outcome;
    throw new TaskCancelled(`Cannot get the result of task '${this.name}': it was cancelled`, { cause });
  }
}
