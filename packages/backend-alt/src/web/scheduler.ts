import { createHopScheduler, type Scheduler } from "@arborio/core/backend";

/** `setImmediate` where there is one, else a MessageChannel: a nested `setTimeout(0)` takes 4 ms in browsers. */
export function createScheduler(): Scheduler {
  return createHopScheduler();
}
