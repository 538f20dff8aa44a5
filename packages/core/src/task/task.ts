import { cell } from "../cell.ts";
import { itemsOf } from "../list.ts";
import type { ScopeNode } from "../scope/node.ts";

/** `pending` while it runs or is yet to start; `cancelled` if a Cancelled ended it, its own scope's too. */
export type TaskStatus = "pending" | "cancelling" | "finished" | "failed" | "cancelled";

/** A task, as others see it. */
export interface TaskInfo {
  /** Unique in the process. */
  readonly id: number;
  readonly name: string;
  readonly status: TaskStatus;
  readonly parent: TaskInfo | undefined;
  /** Those of its child tasks that have not ended, oldest first. */
  readonly children: readonly TaskInfo[];
  /** What it waits for, in words, oldest first; empty while it runs, or waits for a promise that is not the library's. */
  readonly waitingFor: readonly string[];
}

/** The record of a task: its place in the tree of tasks, and its scope, whose parent is the group's. */
export class Task implements TaskInfo {
  readonly id: number = ++cell().lastTask;
  readonly name: string;
  readonly scope: ScopeNode;
  parent: Task | undefined;
  outcome: "finished" | "failed" | "cancelled" | undefined = undefined;
  private living: Set<Task> | undefined = undefined;

  constructor(name: string, scope: ScopeNode, parent: Task | undefined) {
    this.name = name;
    this.scope = scope;
    this.parent = parent;
    parent?.adopt(this);
  }

  get status(): TaskStatus {
    return this.outcome ?? (this.scope.cancelled === undefined ? "pending" : "cancelling");
  }

  get children(): readonly TaskInfo[] {
    return [...(this.living ?? [])];
  }

  get waitingFor(): readonly string[] {
    return waitsOf(this).map((waiter) => waiter.waitingFor);
  }

  /** The one who started it hands it over. */
  moveTo(parent: Task | undefined): void {
    this.parent?.living?.delete(this);
    this.parent = parent;
    parent?.adopt(this);
  }

  end(outcome: "finished" | "failed" | "cancelled"): void {
    this.outcome = outcome;
    this.parent?.living?.delete(this);
  }

  private adopt(child: Task): void {
    (this.living ??= new Set()).add(child);
  }
}

/** All waits in the task's scopes, not those of its children. */
function waitsOf(task: Task): { readonly waitingFor: string }[] {
  const found = [];
  const scopes = [task.scope];
  for (const scope of scopes) {
    found.push(...itemsOf(scope.waits), ...itemsOf(scope.held));
    scopes.push(...itemsOf(scope.children).filter((child) => child.task === task));
  }
  return found;
}
