import { oneLine, OSError, type SignalsBackend } from "@arborio/core/backend";
import type { DenoHost } from "./host-types.ts";

/** Signals by `Deno.addSignalListener`, which Deno does not keep the process alive for. */
export function createSignals(deno: DenoHost): SignalsBackend {
  return {
    listen(signal, listener) {
      // Each listener its own function: the same one given twice is called twice, and removed one by one.
      const receive = (): void => listener();
      try {
        deno.addSignalListener(signal, receive);
      } catch (cause) {
        throw new OSError({ code: "EINVAL", syscall: `listen for ${oneLine(String(signal), 100)}`, cause });
      }
      return () => deno.removeSignalListener(signal, receive);
    },
  };
}
