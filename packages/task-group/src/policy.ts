import { isCancelled, TaskGroupError, type WaitOptions } from "@arborio/core";
import {
  ABSORBED,
  cancelScope,
  checkFunction,
  onlyCancelled,
  settling,
  textOf,
  wrongType,
} from "@arborio/core/lowlevel";
import { Group } from "./group.ts";
import { runGroup } from "./task-group.ts";
import type { TaskHandle, TaskRecord } from "./task-handle.ts";

/** A function of a policy: it runs as a task, and is given its own handle. */
export type TaskFunction<T> = (task: TaskHandle) => T | PromiseLike<T>;

/** What decides a policy before all its tasks have ended. */
export interface Rules {
  /** Whether a task's value decides: then the others are cancelled. */
  readonly wins?: (value: unknown) => boolean;
  /** Whether a task's failure leaves the others alone. Default: it decides. */
  readonly tolerant?: boolean;
  /** Whether a single failure is thrown as it is. */
  readonly bare?: boolean;
  /** Told of a failure that was tolerated, and of a winner. */
  readonly told?: () => void;
}

/**
 * The group behind every policy: the first outcome that decides cancels the others, which are waited for (T10). What fails
 * from then on, or while it is cancelled from outside, fails the group, so that no clean-up error is dropped (T11).
 */
export class PolicyGroup extends Group {
  /** Whose value decided. One that comes though the group was cancelled from outside does too (C5). */
  winner: TaskRecord<unknown, unknown> | undefined;
  readonly #rules: Rules;
  #decided = false;

  constructor(name: string, rules: Rules = {}) {
    super(name);
    this.#rules = rules;
  }

  override ended(task: TaskRecord<unknown, unknown>): void {
    const { wins, told } = this.#rules;
    if (!this.#decided && task.end === "value" && wins?.(task.outcome) === true) {
      this.#decided = true;
      this.winner = task;
      told?.();
      cancelScope(this, "exit", undefined, task.name);
    }
    // Its own `cancel()`: it has no value to give, so it counts as failed.
    if (task.outcome === ABSORBED) this.failed(failureOf(task), task);
    super.ended(task);
  }

  override failed(error: unknown, task: TaskRecord<unknown, unknown>): void {
    const { tolerant, told } = this.#rules;
    if (tolerant === true && this.effective === undefined && !isCancelled(error)) return told?.();
    this.#decided = true;
    super.failed(error, task);
  }

  protected override errorOf(errors: readonly unknown[], message: string): unknown {
    const cause = errors.find((error) => !onlyCancelled(error));
    if (this.#rules.bare === true && this.winner === undefined && errors.length === 1) return cause;
    return new TaskGroupError(errors, message, { cause });
  }
}

/** Runs functions as tasks of a policy, and gives what `decided` makes of the ended tasks. */
export function runTasks<T, R>(
  group: PolicyGroup,
  fns: readonly TaskFunction<T>[],
  options: WaitOptions | undefined,
  decided: (tasks: readonly TaskRecord<T, undefined>[]) => R,
): Promise<R> {
  const body = () => fns.map((fn) => group.spawn(fn) as TaskRecord<T, undefined>);
  return settling(runGroup(group, body, options), decided);
}

/** The winner's value. @throws TaskGroupError with what all the others failed with, in their order */
export function winnerOf<T>(group: PolicyGroup, tasks: readonly TaskRecord<T, undefined>[]): T {
  if (group.winner !== undefined) return group.winner.unwrap() as T;
  const errors = tasks.map(failureOf);
  throw new TaskGroupError(errors, `${group.name}: ${errors.map(textOf).join("; ")}`);
}

/** The functions of a list. @throws TypeError for what is none; it says what to write */
export function functionsOf<F>(action: string, fns: Iterable<F>): F[] {
  if (typeof (fns as Iterable<F> | undefined)?.[Symbol.iterator] === "function") {
    return Array.from(fns, (fn) => checkFunction(action, fn));
  }
  throw wrongType(action, "it takes a list of functions", fns);
}

/** @throws RangeError for none */
export function someFunctions<F>(action: string, fns: Iterable<F>): F[] {
  const list = functionsOf(action, fns);
  if (list.length === 0) throw new RangeError(`Cannot ${action}: there must be a function, received none`);
  return list;
}

/** What a task that has ended failed with. */
export function failureOf(task: TaskRecord<unknown, unknown>): unknown {
  try {
    return void task.unwrap();
  } catch (error) {
    return error;
  }
}
