import type { Scheduler } from "../contract/scheduler.ts";

/** A scheduler over the cheapest macrotask the runtime has: setImmediate, else a MessageChannel (a nested setTimeout takes 4 ms in browsers). */
export function createHopScheduler(): Scheduler {
  return { hop };
}

function hop(wake: () => void): void {
  const { setImmediate, MessageChannel } = globalThis as {
    setImmediate?: (wake: () => void) => unknown;
    MessageChannel?: typeof globalThis.MessageChannel;
  };
  if (setImmediate !== undefined) setImmediate(wake);
  else if (MessageChannel === undefined) setTimeout(wake);
  else {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      wake();
    };
    port2.postMessage(0);
  }
}
