import { createTimerClock, type Clock } from "@arborio/core/backend";

/** The platform's timers; where they have `ref` and `unref` (Node, Bun), with these. */
export function createClock(): Clock {
  return createTimerClock();
}
