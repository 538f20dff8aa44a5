/** What can be done to a scope, from outside or within. */
export interface ScopeControl {
  /**
   * Cancels what is in the scope: waits at once, running code at its next checkpoint, again and again until the scope is
   * left (C2). Idempotent: the first reason wins. Before the scope is entered: its first checkpoint throws; after it was
   * left only {@link cancelCalled} changes (C9).
   */
  cancel(reason?: unknown): void;
  /** When it is cancelled by itself, a time of the clock in ms; `Infinity`: never. Can be moved while it has not passed; into the past cancels (C11). */
  deadline: number;
  /** Whether outer cancellations and deadlines stop here; can be flipped while it runs (C12). */
  shield: boolean;
  /** Whether it was cancelled, by a call or by its deadline. */
  readonly cancelCalled: boolean;
  /** Whether it was left by absorbing its cancellation. */
  readonly cancelledCaught: boolean;
  /** Aborts when the scope is cancelled, from within or without; its reason is the Cancelled. For `fetch` and the like, and for `{ signal }`. */
  readonly signal: AbortSignal;
}
