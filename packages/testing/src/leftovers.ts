import { currentTask, type TaskInfo } from "@arborio/core";
import { currentScope, scopesIn, type ScopeNode } from "@arborio/core/lowlevel";

/** What is still open under the current task, which itself waits for nothing, in words. */
export function leftovers(): string[] {
  const scope = currentScope();
  const task = currentTask();
  if (scope === undefined || task === undefined) return [];
  const waits = task.waitingFor.map((what) => `a wait for ${what}`);
  return [...tasksBelow(task), ...waits, ...scopesBelow(scope)];
}

function tasksBelow(task: TaskInfo): string[] {
  return task.children.flatMap((child) => [`task '${child.name}'`, ...tasksBelow(child)]);
}

function scopesBelow(scope: ScopeNode): string[] {
  return scopesIn(scope).map(() => "an open scope");
}
