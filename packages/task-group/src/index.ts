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
export { all, type Values } from "./all.ts";
export { allSettled, type Outcomes } from "./all-settled.ts";
export { any } from "./any.ts";
export { asCompleted, type Completions } from "./as-completed.ts";
export { boundedSpawn, type BoundedSpawn } from "./bounded-spawn.ts";
export { cancelAndWait } from "./cancel-and-wait.ts";
export { first } from "./first.ts";
export { forEach, map, type ItemFunction, type MapOptions } from "./map.ts";
export { openTaskGroup, type OpenTaskGroup, type OpenTaskGroupOptions } from "./open-task-group.ts";
export type { TaskFunction } from "./policy.ts";
export { race } from "./race.ts";
export { resource, type Resource } from "./resource.ts";
export { retry, type RetryOptions } from "./retry.ts";
export { staggered, type StaggerOptions } from "./staggered.ts";
export { supervisedGroup, type OnError } from "./supervised.ts";
export type { StartingTask, TaskHandle } from "./task-handle.ts";
export { taskGroup, type SpawnOptions, type TaskGroup, type TaskGroupOptions } from "./task-group.ts";
