import type { Backend } from "@arborio/core/backend";
import { attach } from "./attach.ts";
import { createClock } from "./clock.ts";
import { createFs } from "./fs.ts";
import { createHost } from "./host.ts";
import { createNet } from "./net.ts";
import { createScheduler } from "./scheduler.ts";
import { createSignals } from "./signals.ts";

let made: Backend | undefined;

/** The backend of Node: one for the process, so that all roots share one clock and its one timer. */
export function nodeBackend(): Backend {
  return (made ??= {
    name: "node",
    clock: createClock(),
    scheduler: createScheduler(),
    host: createHost(),
    net: createNet(),
    fs: createFs(),
    signals: createSignals(),
    attach,
  });
}
