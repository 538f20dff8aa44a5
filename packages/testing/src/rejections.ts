import { createHopScheduler } from "@arborio/core/backend";

interface ProcessEvents {
  on(event: "unhandledRejection", listener: (reason: unknown) => void): void;
  off(event: "unhandledRejection", listener: (reason: unknown) => void): void;
}

/** Collects the reasons of rejections that nobody handled, from the call to `end`. */
export function watchRejections(): { readonly seen: readonly unknown[]; end(): Promise<void> } {
  const seen: unknown[] = [];
  const stop = listen((reason) => seen.push(reason));
  return {
    seen,
    async end() {
      // Hosts report at the end of a turn of the event loop.
      await new Promise<void>((resolve) => createHopScheduler().hop(resolve));
      stop();
    },
  };
}

function listen(report: (reason: unknown) => void): () => void {
  const { process } = globalThis as { process?: Partial<ProcessEvents> };
  if (process?.on !== undefined) {
    process.on("unhandledRejection", report);
    return () => process.off?.("unhandledRejection", report);
  }
  const onEvent = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    report(event.reason);
  };
  addEventListener("unhandledrejection", onEvent);
  return () => removeEventListener("unhandledrejection", onEvent);
}
