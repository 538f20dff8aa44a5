interface Unhandled {
  preventDefault(): void;
  readonly reason?: unknown;
  readonly error?: unknown;
}

/** Tells of each rejection and exception that nobody handled, which then does not end the process. */
export function listenForUnhandled(tell: (kind: string, error: unknown) => void): void {
  if ("Deno" in globalThis) {
    for (const [event, kind] of [
      ["unhandledrejection", "unhandled rejection"],
      ["error", "uncaught exception"],
    ] as const)
      addEventListener(event, (raised) => {
        const unhandled = raised as unknown as Unhandled;
        unhandled.preventDefault();
        tell(kind, unhandled.reason ?? unhandled.error);
      });
    return;
  }
  process.on("unhandledRejection", (reason) => tell("unhandled rejection", reason));
  process.on("uncaughtException", (error) => tell("uncaught exception", error));
}
