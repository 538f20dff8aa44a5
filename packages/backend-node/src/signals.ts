import type { SignalsBackend } from "@arborio/core/backend";
import { oneLine, OSError } from "@arborio/core/backend";
import { constants } from "node:os";

/** Signals by `process.on`, which Node does not keep the process alive for. */
export function createSignals(): SignalsBackend {
  return {
    listen(signal, listener) {
      // process.on takes any name, as an event that never comes.
      if (!(signal in constants.signals))
        throw new OSError({ code: "EINVAL", syscall: `listen for ${oneLine(String(signal), 100)}` });
      // Each listener its own function: the same one given twice is called twice, and removed one by one.
      const receive = (): void => listener();
      process.on(signal, receive);
      return () => void process.off(signal, receive);
    },
  };
}
