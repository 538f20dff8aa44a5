import type { Backend } from "@arborio/core/backend";
import { createClock } from "./clock.ts";
import { createScheduler } from "./scheduler.ts";

let made: Backend | undefined;

/** The backend of browsers, workers and all else that has the Web platform: one, so that all roots share one clock. */
export function webBackend(): Backend {
  return (made ??= { name: "web", clock: createClock(), scheduler: createScheduler() });
}
