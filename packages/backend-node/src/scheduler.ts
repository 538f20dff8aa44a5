import { createHopScheduler, type Scheduler } from "@arborio/core/backend";

/** One `setImmediate` a hop: after timers and I/O. */
export function createScheduler(): Scheduler {
  return createHopScheduler();
}
