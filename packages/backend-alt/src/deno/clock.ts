import { createTimerClock, type Clock } from "@arborio/core/backend";
import type { DenoHost } from "./host-types.ts";

/** Deno's timers, which it references by functions of its own. */
export function createClock(deno: DenoHost): Clock {
  return createTimerClock((timer, wanted) => (wanted ? deno.refTimer(timer) : deno.unrefTimer(timer)));
}
