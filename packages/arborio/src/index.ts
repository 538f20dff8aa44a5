/**
 * arborio: structured concurrency for JavaScript. Everything by its name, on this runtime's own backend.
 *
 * ```ts
 * import { main, moveOnAfter, sleep, taskGroup } from "arborio";
 *
 * await main(async () => {
 *   const answer = await moveOnAfter(1_000, () =>
 *     taskGroup(async (group) => {
 *       const slow = group.spawn(() => sleep(10).then(() => 42));
 *       return slow.result();
 *     }),
 *   );
 *   console.log(answer ?? "too late"); // 42
 * });
 * ```
 *
 * @module
 */
export {
  BrokenBarrierError,
  BrokenResourceError,
  BusyResourceError,
  Cancelled,
  cancelShieldedCheckpoint,
  checkpoint,
  checkpointIfCancelled,
  ClosedResourceError,
  collapse,
  ConnectionFailed,
  currentTask,
  currentTime,
  DeadlockError,
  DelimiterNotFound,
  EndOfStream,
  formatError,
  formatTaskTree,
  FutureAlreadyFinished,
  FutureCancelled,
  FutureFailed,
  FutureNotFinished,
  GroupClosedError,
  host,
  IncompleteRead,
  isCancelled,
  isError,
  isTimeout,
  leaves,
  MisuseError,
  NoBackendError,
  NotStartedError,
  printTaskTree,
  rootTask,
  RunFinishedError,
  RunVar,
  sleep,
  sleepForever,
  sleepUntil,
  split,
  TaskCancelled,
  TaskGroupError,
  TimeoutError,
  TypedAttributeLookupError,
  UnsupportedError,
  waitAllTasksBlocked,
  WorkerError,
  WouldBlock,
} from "@arborio/core";
export type {
  ArborioError,
  CancelSource,
  ErrorClass,
  ErrorVocabulary,
  RootHandle,
  RunVarToken,
  ScopeControl,
  TaskInfo,
  TaskStatus,
  WaitOptions,
} from "@arborio/core";
export { main, run, type MainOptions, type RunOptions } from "./run.ts";
export {
  abortable,
  bind,
  CancelScope,
  currentEffectiveDeadline,
  currentSignal,
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  shield,
  snapshot,
  unscoped,
} from "@arborio/cancellation";
export type {
  BlockValue,
  CancelScopeConstructor,
  CancelScopeOptions,
  FailOptions,
  Snapshot,
  TimeoutOptions,
} from "@arborio/cancellation";
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
  taskGroup,
} from "@arborio/task-group";
export type {
  BoundedSpawn,
  Completions,
  ItemFunction,
  MapOptions,
  OnError,
  OpenTaskGroup,
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
export type {
  AsyncResource,
  ByteReceiveStream,
  ByteSendStream,
  ByteStream,
  Listener,
  ObjectReceiveStream,
  ObjectSendStream,
  ObjectStream,
  ServeOptions,
  SpawnsTasks,
} from "@arborio/streams";
export {
  AsyncEvent,
  Barrier,
  CapacityLimiter,
  Condition,
  Future,
  Lock,
  RateLimiter,
  ReadWriteLock,
  ResourceGuard,
  Semaphore,
} from "@arborio/sync";
export type {
  AsyncEventStatistics,
  BarrierStatistics,
  CapacityLimiterStatistics,
  ConditionStatistics,
  FutureStatistics,
  FutureStatus,
  Governor,
  LockStatistics,
  Permit,
  RateLimiterOptions,
  RateLimiterStatistics,
  ReadWriteLockStatistics,
  ResourceGuardStatistics,
  SemaphoreOptions,
  SemaphoreStatistics,
} from "@arborio/sync";
export { on, once } from "@arborio/iteration";
export type { Emitter, Events } from "@arborio/iteration";
export { connectTcp, createTcpListener } from "@arborio/net";
export type { SocketAddress, TcpListener, TcpListenerOptions, TcpStream } from "@arborio/net";
export {
  exists,
  mkdir,
  openFile,
  openTemporaryDirectory,
  readDirectory,
  readFile,
  readTextFile,
  remove,
  stat,
  temporaryDirectory,
  walk,
  writeFile,
} from "@arborio/fs";
export type {
  DirectoryEntry,
  File,
  FileKind,
  FileStat,
  MkdirOptions,
  OpenMode,
  OpenOptions,
  RemoveOptions,
  StatOptions,
  TemporaryDirectory,
  TemporaryDirectoryOptions,
  WalkEntry,
  WalkOptions,
  WriteOptions,
} from "@arborio/fs";
