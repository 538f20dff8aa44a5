/** A signal for one call of Deno's. */
export interface AttemptSignal {
  readonly signal: AbortSignal;
  /** To be called when the call has ended. */
  end(): void;
}

/**
 * A signal that stops Deno's work, and does not make Deno throw. `Deno.connect` asks its signal once more when it has connected,
 * and throws if it was aborted meanwhile: the connection is then nobody's, and open for good. So this one never throws, and
 * the caller looks at `outer` and closes what it got.
 */
export function attemptSignal(outer: AbortSignal): AttemptSignal {
  const controller = new AbortController();
  const { signal } = controller;
  Object.defineProperty(signal, "throwIfAborted", { value: () => {} });
  const abort = (): void => controller.abort();
  outer.addEventListener("abort", abort);
  return { signal, end: () => outer.removeEventListener("abort", abort) };
}
