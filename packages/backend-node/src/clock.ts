import { createTimerClock, type Clock } from "@arborio/core/backend";

/** Node's timers; they have `ref` and `unref` themselves. */
export function createClock(): Clock {
  return createTimerClock();
}
