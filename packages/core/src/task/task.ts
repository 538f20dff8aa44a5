import { cell } from "../cell.ts";
import { onlyCancelled } from "../errors/is.ts";
import type { Runtime } from "../run/runtime.ts";
import { ABSORBED, absorb } from "../scope/absorb.ts";
import { currentScope } from "../scope/current.ts";
import { cancelScope, enterScope, leaveScope, ScopeNode, scopeSignal } from "../scope/node.ts";
import { callIn } from "../scope/run-in.ts";
import { WaitRecord } from "../wait/waiter.ts";
import type { TaskInfo } from "./info.ts";

/** `pending` while it runs or is yet to start; `cancelled` if a Cancelled ended it, its own scope's too. */
export type TaskStatus = "pending" | "cancelling" | "finished" | "failed" | "cancelled";

/**
 * The machine of a task: a place in the tree of tasks, and a scope of its own under that of its group.
 *
 * `end` is "value", and `outcome` what the function gave; or "error", and `outcome` what it threw, less what its own scope
 * absorbed: {@link ABSORBED} if that was all.
 */
export abstract class Task<T = unknown> {
  readonly id: number = ++cell().lastTask;
  readonly name: string;
  readonly scope: ScopeNode = new ScopeNode();
  end: "value" | "error" | undefined;
  outcome: unknown;
  /** What others see of it, made when asked for. */
  info: TaskInfo | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Called when the task has ended and left its scope. Must not throw. */
  protected abstract ended(): void;

  /**
   * Runs `fn` in a turn of its own, never before this returns (T4), also in a cancelled scope, up to its first checkpoint
   * (C4); in the caller's async context (T8).
   *
   * @param parent under which its own scope is; that scope's task is the parent in the tree of tasks
   */
  begin(fn: (task: this) => T | PromiseLike<T>, runtime: Runtime, parent: ScopeNode | undefined): void {
    enterScope(this.scope, runtime, parent, this);
    const start = new WaitRecord<void>(runtime, this, true, "its first turn");
    start.linkTo(this.scope);
    start.promise
      .then(() => callIn(this.scope, fn, this))
      .then(
        (value) => this.#finish("value", value),
        (error: unknown) => this.#finish("error", absorb(this.scope, error)),
      );
    start.resume();
  }

  get status(): TaskStatus {
    const { end, outcome, scope } = this;
    if (end === "value") return "finished";
    if (end === "error") return outcome === ABSORBED || onlyCancelled(outcome) ? "cancelled" : "failed";
    return scope.cancelled === undefined ? "pending" : "cancelling";
  }

  get signal(): AbortSignal {
    return scopeSignal(this.scope);
  }

  /** Cancels this task alone. */
  cancel(reason?: unknown): void {
    if (this.end === undefined) cancelScope(this.scope, "cancel", reason, currentScope()?.task?.name);
  }

  #finish(end: "value" | "error", outcome: unknown): void {
    leaveScope(this.scope);
    this.end = end;
    this.outcome = outcome;
    this.ended();
  }
}

/** A task's name: given, else the function's (T8). */
export function taskName(given: string | undefined, fn: { readonly name: string }): string {
  return given ?? (fn.name === "" ? "anonymous" : fn.name);
}
