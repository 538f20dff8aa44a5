import type { Scheduler } from "../contract/scheduler.ts";

/** A scheduler over the cheapest macrotask the runtime has: setImmediate, else a MessageChannel (a nested setTimeout takes 4 ms in browsers). */
export function createHopScheduler(): Scheduler {
  return {
    hop(wake) {
      const { setImmediate } = globalThis as { setImmediate?: (wake: () => void) => unknown };
      if (setImmediate) setImmediate(wake);
      else if (typeof MessageChannel === "undefined") setTimeout(wake);
      else hopByMessage(wake);
    },
  };
}

function hopByMessage(wake: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    wake();
  };
  port2.postMessage(0);
}
