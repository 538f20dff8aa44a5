import { isCancelled, isCancelledLeaf } from "../errors/is.ts";
import { leaves } from "../errors/groups.ts";
import type { Runtime } from "../run/runtime.ts";
import { ABSORBED, absorb } from "../scope/absorb.ts";
import { callIn } from "../scope/run-in.ts";
import { enterScope, leaveScope, ScopeNode } from "../scope/node.ts";
import { WaitRecord } from "../wait/waiter.ts";
import { Task } from "./task.ts";

/** How a task ended. `absorbed`: by its own scope's cancellation. An `error` may hold Cancelled leaves of outer scopes. */
export type TaskOutcome<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "absorbed" };

/** Where a task stands. */
export interface TaskPlace {
  readonly name: string;
  readonly runtime: Runtime;
  /** Under whom it stands in the tree of tasks. */
  readonly parent: Task | undefined;
  /** Under which scope its own is. */
  readonly scope: ScopeNode | undefined;
}

/**
 * Starts a task: its function runs in a turn of its own, never before this returns (T4), also in a cancelled scope, up to
 * its first checkpoint (C4); in the caller's async context, with a scope of its own (T8).
 *
 * @param ended is told once, when the task has left its scope; must not throw
 */
export function startTask<A, T>(
  place: TaskPlace,
  fn: (arg: A) => T | PromiseLike<T>,
  argOf: (task: Task) => A,
  ended: (outcome: TaskOutcome<T>, task: Task) => void,
): Task {
  const scope = new ScopeNode();
  const task = new Task(place.name, scope, place.parent);
  enterScope(scope, place.runtime, place.scope, task);
  const arg = argOf(task);
  const start = new WaitRecord<void>(place.runtime, task, true, "its first turn");
  start.linkTo(scope);
  start.promise
    .then(() => callIn(scope, fn, arg))
    .then(
      (value) => ended(finish(task, { kind: "value", value }), task),
      (error: unknown) => ended(finish(task, outcomeOf(scope, error)), task),
    );
  start.resume();
  return task;
}

function outcomeOf<T>(scope: ScopeNode, error: unknown): TaskOutcome<T> {
  const rest = absorb(scope, error);
  return rest === ABSORBED ? { kind: "absorbed" } : { kind: "error", error: rest };
}

function finish<T>(task: Task, outcome: TaskOutcome<T>): TaskOutcome<T> {
  leaveScope(task.scope);
  task.end(outcome.kind === "value" ? "finished" : outcome.kind === "absorbed" || onlyCancelled(outcome.error) ? "cancelled" : "failed");
  return outcome;
}

/** Whether an error is nothing but cancellations. */
export function onlyCancelled(error: unknown): boolean {
  return isCancelled(error) && leaves(error).every(isCancelledLeaf);
}

/** A task's name: given, else the function's (T8). */
export function taskName(given: string | undefined, fn: { readonly name: string }): string {
  return given ?? (fn.name === "" ? "anonymous" : fn.name);
}
