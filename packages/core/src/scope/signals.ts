/** What a foreign signal cancels. It is the listener itself: nothing is made for one. */
export interface Tied {
  /** The signal, if it is tied to one (C17). */
  tied: AbortSignal | undefined;
  handleEvent(): void;
}

/** Ties it to a signal: called when that aborts, at once if it has, until {@link untie}. */
export function tie(one: Tied, signal: AbortSignal): void {
  one.tied = signal;
  if (signal.aborted) one.handleEvent();
  else signal.addEventListener("abort", one);
}

/** Takes back {@link tie}; which signal it was stays known. */
export function untie(one: Tied): void {
  try {
    one.tied?.removeEventListener("abort", one);
  } catch {
    // What only looks like a signal may throw. Then it keeps its listener, and what was tied ends all the same.
  }
}

/** Why the signal aborted; what its `reason` throws, if it does. */
export function reasonOf({ tied }: Tied): unknown {
  try {
    return tied?.reason;
  } catch (error) {
    return error;
  }
}
