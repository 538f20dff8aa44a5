import { cell } from "../cell.ts";
import type { ScopeNode } from "../scope/node.ts";
import type { Task } from "../task/task.ts";
import { lazyCallSite } from "./call-site.ts";
import type { Observer } from "./observers.ts";

/** Notes where each task was spawned, and knows the tasks of groups outside any run, which nobody else does. */
export class SpawnSites implements Observer {
  readonly name: string = "debug mode's notes of spawn sites";

  entered(node: ScopeNode): void {
    const { task, parent } = node;
    if (task === undefined || task !== node) return;
    task.spawnedAt = lazyCallSite();
    if (parent?.task === undefined) cell().roots.add(task);
  }

  exited(task: Task): void {
    cell().roots.delete(task);
  }
}
