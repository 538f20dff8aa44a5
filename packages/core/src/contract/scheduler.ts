/** A wake-up that was decided and is to be delivered: the task goes on in the microtasks after `deliver()`. */
export interface WakeUp {
  /** Delivers, once. */
  deliver(): void;
}

/** How a runtime takes turns. */
export interface Scheduler {
  /** Calls `wake` in a later macrotask, after timers and I/O had a chance; keeps the process alive until then. */
  hop(wake: () => void): void;

  /**
   * Takes every wake-up: starts, yields, resumes, failures, cancellations. The simulation orders them here (F2).
   * Absent: wake-ups are delivered at once.
   */
  ready?(wakeUp: WakeUp): void;

  /**
   * A real operation, one this scheduler cannot see the end of, has begun; call the result, which is idempotent, when it
   * is over or nobody waits for it any more.
   * Absent: it need not know.
   */
  busy?(): () => void;
}
