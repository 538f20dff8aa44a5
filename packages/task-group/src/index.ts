/**
 * Task groups: concurrent tasks that none outlives its block.
 *
 * ```ts
 * import { sleep } from "@arborio/core";
 * import { taskGroup } from "@arborio/task-group";
 *
 * const sum = await taskGroup(async (group) => {
 *   const one = group.spawn(() => sleep(10).then(() => 1));
 *   const two = group.spawn(() => sleep(5).then(() => 2));
 *   return (await one.result()) + (await two.result());
 * });
 * console.log(sum); // 3
 * ```
 *
 * @module
 */
export type { StartingTask, TaskHandle } from "./task-handle.ts";
export { taskGroup, type SpawnOptions, type TaskGroup, type TaskGroupOptions } from "./task-group.ts";
