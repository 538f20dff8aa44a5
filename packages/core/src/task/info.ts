import type { RootView } from "../contract/backend.ts";
import { cell } from "../cell.ts";
import { scopesIn, waitsIn } from "../scope/members.ts";
import type { ScopeNode } from "../scope/node.ts";
import type { Task, TaskStatus } from "./task.ts";

/** A task, as others see it. */
export interface TaskInfo {
  /** Unique in the process. */
  readonly id: number;
  readonly name: string;
  readonly status: TaskStatus;
  readonly parent: TaskInfo | undefined;
  /** Those of its child tasks that have not ended, oldest first. */
  readonly children: readonly TaskInfo[];
  /** What it waits for, in words; empty while it runs, or waits for a promise that is not the library's. */
  readonly waitingFor: readonly string[];
  /** Where it was spawned: the user's frames of the stack, a line each, nearest first. Known in debug mode only. */
  readonly spawnedAt: string | undefined;
}

/** The view of a task, or of a root as its backend has it: always the same for the same task. */
export function infoOf(task: Task | RootView): TaskInfo {
  const machine = task as Task;
  return (machine.info ??= new View(machine));
}

class View implements TaskInfo {
  readonly id: number = ++cell().lastId;
  readonly name: string;
  readonly #task: Task;

  constructor(task: Task) {
    this.name = task.name;
    this.#task = task;
  }

  get status(): TaskStatus {
    return this.#task.status;
  }

  get spawnedAt(): string | undefined {
    return this.#task.spawnedAt?.();
  }

  get parent(): TaskInfo | undefined {
    const task = this.#task.parent?.task;
    return task && infoOf(task);
  }

  get children(): readonly TaskInfo[] {
    return scopesOf(this.#task).flatMap(({ task }) =>
      task === this.#task || task === undefined ? [] : [infoOf(task)],
    );
  }

  get waitingFor(): readonly string[] {
    const own = scopesOf(this.#task).filter(({ task }) => task === this.#task);
    return own.flatMap((scope) => waitsIn(scope).map((wait) => wait.waitingFor));
  }
}

/** A task's own scopes, and those of its children, which are not looked into. */
function scopesOf(task: Task): ScopeNode[] {
  const found: ScopeNode[] = [task];
  for (const scope of found) if (scope.task === task) for (const child of scopesIn(scope)) found.push(child);
  return found;
}
