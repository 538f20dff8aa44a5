/**
 * The core of arborio: roots, time, checkpoints, the task tree, and the errors.
 *
 * ```ts
 * import { currentTime, run, sleep } from "@arborio/core";
 *
 * const waited = await run(async () => {
 *   const began = currentTime();
 *   await sleep(10);
 *   return currentTime() - began;
 * });
 * console.log(waited >= 10); // true
 * ```
 *
 * @module
 */
export type { ArborioError, ErrorClass } from "./errors/base.ts";
export { Cancelled, type CancelSource } from "./errors/cancelled.ts";
export { formatError } from "./errors/format.ts";
export { collapse, leaves, split } from "./errors/groups.ts";
export { isCancelled, isError, isTimeout } from "./errors/is.ts";
export { comesFrom } from "./errors/origin.ts";
export {
  BrokenBarrierError,
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  ConnectionFailed,
  DeadlockError,
  DelimiterNotFound,
  EndOfStream,
  FutureAlreadyFinished,
  FutureCancelled,
  FutureFailed,
  FutureNotFinished,
  GroupClosedError,
  IncompleteRead,
  MisuseError,
  NoBackendError,
  NotStartedError,
  RunFinishedError,
  TaskCancelled,
  TaskGroupError,
  TimeoutError,
  TypedAttributeLookupError,
  UnsupportedError,
  WorkerError,
  WouldBlock,
  type ErrorVocabulary,
} from "./errors/vocabulary.ts";
export { printTaskTree } from "./debug/print-task-tree.ts";
export { host } from "./run/capability.ts";
export { main, type MainOptions } from "./run/main.ts";
export { run, type RootHandle, type RunOptions } from "./run/run.ts";
export { RunVar, type RunVarToken } from "./run/run-var.ts";
export type { ScopeControl } from "./scope/control.ts";
export { currentTask, rootTask } from "./task/current.ts";
export type { TaskInfo } from "./task/info.ts";
export type { TaskStatus } from "./task/task.ts";
export { formatTaskTree } from "./task/tree.ts";
export { currentTime, sleep, sleepForever, sleepUntil } from "./time/sleep.ts";
export { cancelShieldedCheckpoint, checkpoint, checkpointIfCancelled } from "./wait/checkpoint.ts";
export { waitAllTasksBlocked } from "./wait/quiescence.ts";
export type { WaitOptions } from "./wait/suspend.ts";
