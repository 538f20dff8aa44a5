/** Calls `fn` when the signal aborts, at once if it has; gives what stops that. */
export function onAbort(signal: AbortSignal, fn: () => void): () => void {
  if (signal.aborted) fn();
  else signal.addEventListener("abort", fn);
  return () => signal.removeEventListener("abort", fn);
}
