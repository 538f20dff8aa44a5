/**
 * Looking at a program while it runs: instruments, debug mode, the trees of all tasks: `@arborio/core/debug`.
 *
 * @module
 */
export { addInstrument, printTaskTreeOn, rootTasks, startDebug, watched } from "@arborio/core/debug";
export type {
  CancelEvent,
  ContainedEvent,
  DeadlineEvent,
  DebugOptions,
  DebugReport,
  DebugReportKind,
  Instrument,
  ScopeEvent,
  TaskEvent,
  TaskLifeEvent,
  WaitEndEvent,
  WaitEvent,
  WatchOptions,
} from "@arborio/core/debug";
