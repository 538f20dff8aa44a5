/**
 * Task groups: `@arborio/task-group`.
 *
 * @module
 */
export { taskGroup } from "@arborio/task-group";
export type {
  SpawnOptions,
  StartingTask,
  TaskGroup,
  TaskGroupOptions,
  TaskHandle,
} from "@arborio/task-group";
