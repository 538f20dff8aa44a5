/**
 * Task groups: `@arborio/task-group`.
 *
 * @module
 */
export {
  all,
  allSettled,
  any,
  asCompleted,
  boundedSpawn,
  cancelAndWait,
  first,
  forEach,
  map,
  openTaskGroup,
  race,
  resource,
  retry,
  staggered,
  supervisedGroup,
  taskGroup,
} from "@arborio/task-group";
export type {
  BoundedSpawn,
  Completions,
  ItemFunction,
  MapOptions,
  OnError,
  OpenTaskGroup,
  OpenTaskGroupOptions,
  Outcomes,
  Resource,
  RetryOptions,
  SpawnOptions,
  StaggerOptions,
  StartingTask,
  TaskFunction,
  TaskGroup,
  TaskGroupOptions,
  TaskHandle,
  Values,
} from "@arborio/task-group";
