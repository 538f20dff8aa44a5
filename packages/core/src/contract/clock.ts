/**
 * A monotonic clock with one alarm. Core keeps all deadlines of a clock in one heap, and sets the alarm for
 * the earliest; roots that share a clock share that heap.
 */
export interface Clock {
  /** Milliseconds since an arbitrary moment. Never goes back. */
  now(): number;

  /**
   * Sets the alarm, replacing one set before. It rings once, and is forgotten before it rings.
   * It may ring early (core looks again and re-arms), so a host's limit on delays needs only a clamp.
   * @param at a time of this clock, in ms; finite
   */
  arm(at: number, wake: () => void): void;

  /**
   * Whether anything waits for the alarm. While nothing does it must not keep the process alive; it may ring all the same.
   */
  hold(wanted: boolean): void;
}
