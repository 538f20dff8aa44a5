import type { Backend } from "@arborio/core/backend";
import { attach } from "./attach.ts";
import { createClock } from "./clock.ts";
import { createFs } from "./fs.ts";
import { createHost } from "./host.ts";
import { denoHost } from "./host-types.ts";
import { createNet } from "./net.ts";
import { createScheduler } from "./scheduler.ts";
import { createSignals } from "./signals.ts";

let made: Backend | undefined;

/**
 * The backend of Deno: one for the process, so that all roots share one clock and its one timer.
 * @throws Error on other runtimes
 */
export function denoBackend(): Backend {
  return (made ??= makeBackend());
}

function makeBackend(): Backend {
  const deno = denoHost();
  return {
    name: "deno",
    clock: createClock(deno),
    scheduler: createScheduler(),
    host: createHost(deno),
    net: createNet(deno),
    fs: createFs(deno),
    signals: createSignals(deno),
    attach,
  };
}
