import { currentScope } from "../scope/current.ts";
import { infoOf, type TaskInfo } from "./info.ts";

/** The task the calling code runs in; its nearest live ancestor if it has ended; undefined outside any. */
export function currentTask(): TaskInfo | undefined {
  const task = currentScope()?.task;
  return task && infoOf(task);
}

/** The root task above the calling code; undefined outside any task. Walk its `children` for the whole tree. */
export function rootTask(): TaskInfo | undefined {
  let task = currentTask();
  while (task?.parent !== undefined) task = task.parent;
  return task;
}
