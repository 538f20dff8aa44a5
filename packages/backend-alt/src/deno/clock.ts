import { createTimerClock, type Clock } from "@arborio/core/backend";
import type { DenoHost } from "./host-types.ts";

/** Deno's timers, which it references by functions of its own. */
export function createClock(deno: DenoHost): Clock {
  return createTimerClock({
    ref: (timer) => deno.refTimer(timer),
    unref: (timer) => deno.unrefTimer(timer),
  });
}
