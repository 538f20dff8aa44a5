import { cell } from "../cell.ts";
import { wrongType } from "../errors/argument.ts";
import { onlyCancelled } from "../errors/is.ts";
import type { Runtime } from "../run/runtime.ts";
import { ABSORBED, absorb, strayed } from "../scope/absorb.ts";
import { enterScope, leaveScope, ScopeNode } from "../scope/node.ts";
import { begin } from "../wait/begin.ts";
import { resolved } from "../wait/resolved.ts";
import { WaitRecord } from "../wait/waiter.ts";
import { runToEnd, slotOfTasks } from "./context.ts";
import type { TaskInfo } from "./info.ts";

/** `pending` while it runs or is yet to start; `cancelled` if a Cancelled ended it, its own scope's too. */
export type TaskStatus = "pending" | "cancelling" | "finished" | "failed" | "cancelled";

/**
 * The machine of a task: a scope of its own, under that of its group.
 *
 * `end` is "value", and `outcome` what the function gave; or "error", and `outcome` what it threw, less what its own scope
 * absorbed: {@link ABSORBED} if that was all.
 */
export abstract class Task<T = unknown> extends ScopeNode {
  readonly name: string;
  end: "value" | "error" | undefined;
  outcome: unknown;
  /** What others see of it, made when asked for. */
  info: TaskInfo | undefined;
  /** Where it was spawned; debug mode writes it. */
  declare spawnedAt?: (() => string) | undefined;

  constructor(name: string) {
    super();
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
    enterScope(this, runtime, parent, this);
    const ambient = slotOfTasks();
    // By `then`, so that the function runs in the caller's context; and not returned from it: that would cost three turns of microtasks.
    void firstTurn(this).then(() => {
      // Bound: less is kept of each than of functions in a scope.
      const call = (): unknown => begin(fn, this).then(this.#succeed.bind(this), this.#fail.bind(this));
      runToEnd(ambient, this, call);
    });
  }

  get status(): TaskStatus {
    const { cancelled, end, outcome } = this;
    if (end === "value") return "finished";
    if (end === "error") return outcome === ABSORBED || onlyCancelled(outcome) ? "cancelled" : "failed";
    return cancelled === undefined ? "pending" : "cancelling";
  }

  #succeed(value: unknown): void {
    this.#finish("value", value);
  }

  #fail(error: unknown): void {
    this.#finish("error", absorb(this, strayed(this, error)));
  }

  #finish(end: "value" | "error", outcome: unknown): void {
    leaveScope(this);
    this.end = end;
    this.outcome = outcome;
    cell().tell?.("exited", this);
    this.ended();
  }
}

function firstTurn(task: Task): Promise<void> {
  const { runtime } = task;
  if (!runtime.mustYield()) return resolved();
  const start = new WaitRecord<void>(task, true, "its first turn");
  start.linkTo(task);
  start.resume();
  return start.promise;
}

/**
 * A task's name: given, else the function's (T8).
 *
 * @throws TypeError for one given that is no string
 */
export function taskName(given: string | undefined, fn: { readonly name: string }): string {
  if (typeof (given ?? "") !== "string") throw wrongType("start a task", "its name must be a string", given);
  // Whoever has a function may give it a name of any type.
  return given ?? (typeof fn.name === "string" && fn.name !== "" ? fn.name : "anonymous");
}
