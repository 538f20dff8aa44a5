/**
 * For looking at a program while it runs: instruments, debug mode, the trees of all tasks.
 *
 * ```ts
 * import { run, sleep } from "@arborio/core";
 * import { addInstrument } from "@arborio/core/debug";
 *
 * const remove = addInstrument({
 *   waitBegun: ({ task, waitingFor }) => console.log(`${task?.name ?? "nobody"} waits for ${waitingFor}`),
 * });
 * await run(() => sleep(5), { name: "main" }); // main waits for a sleep to end
 * remove();
 * ```
 *
 * @module
 */
export { startDebug, type DebugOptions } from "./debug/debug-mode.ts";
export {
  addInstrument,
  type CancelEvent,
  type ContainedEvent,
  type DeadlineEvent,
  type Instrument,
  type ScopeEvent,
  type TaskEvent,
  type TaskLifeEvent,
  type WaitEndEvent,
  type WaitEvent,
} from "./debug/instruments.ts";
export { printTaskTreeOn } from "./debug/print-task-tree.ts";
export type { DebugReport, DebugReportKind } from "./debug/reports.ts";
export { rootTasks } from "./debug/roots.ts";
export { watched, type WatchOptions } from "./debug/watch.ts";
