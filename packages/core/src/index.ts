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
export { Cancelled, type CancelSource } from "./errors/cancelled.ts";
export { formatError } from "./errors/format.ts";
export { BrokenBarrierError, FutureAlreadyFinished, FutureCancelled, FutureFailed, FutureNotFinished } from "./errors/futures.ts";
export { collapse, leaves, split } from "./errors/groups.ts";
export { isCancelled, isError, type ErrorVocabulary } from "./errors/is.ts";
export {
  DeadlockError,
  MisuseError,
  NoBackendError,
  RunFinishedError,
  UnsupportedError,
  WorkerError,
} from "./errors/runs.ts";
export {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  ConnectionFailed,
  DelimiterNotFound,
  EndOfStream,
  IncompleteRead,
  TypedAttributeLookupError,
  WouldBlock,
} from "./errors/streams.ts";
export { TaskGroupError } from "./errors/task-group-error.ts";
export { GroupClosedError, NotStartedError, TaskCancelled } from "./errors/tasks.ts";
export { isTimeout, TimeoutError } from "./errors/timeout.ts";
export { host } from "./run/capability.ts";
export { main, type MainOptions } from "./run/main.ts";
export { run, type RootHandle, type RunOptions } from "./run/run.ts";
export { RunVar, type RunVarToken } from "./run/run-var.ts";
export type { ScopeControl } from "./scope/handle.ts";
export { currentTask, rootTask } from "./task/current.ts";
export type { TaskInfo, TaskStatus } from "./task/task.ts";
export { formatTaskTree } from "./task/tree.ts";
export { currentTime, sleep, sleepForever, sleepUntil } from "./time/sleep.ts";
export { cancelShieldedCheckpoint, checkpoint, checkpointIfCancelled } from "./wait/checkpoint.ts";
export { waitAllTasksBlocked } from "./wait/quiescence.ts";
export type { WaitOptions } from "./wait/suspend.ts";
