import type { Clock } from "@arborio/core/backend";

/** A clock that stands still until {@link VirtualClock.jump}; it begins at 0. */
export class VirtualClock implements Clock {
  private time = 0;
  private alarm: { readonly at: number; readonly wake: () => void } | undefined = undefined;
  private readonly armed: () => void;

  /** @param armed called when the alarm is set: a task that a foreign promise woke may do so, and nobody else would look again */
  constructor(armed: () => void) {
    this.armed = armed;
  }

  now(): number {
    return this.time;
  }

  arm(at: number, wake: () => void): void {
    this.alarm = { at, wake };
    this.armed();
  }

  /** No process lives by this clock. */
  hold(): void {}

  /** Goes to the next deadline and rings it; false if there is none. */
  jump(): boolean {
    // The alarm that is set may be an early one: rung before its time, it is set anew exactly, or not at all.
    this.ring();
    if (this.alarm === undefined) return false;
    this.time = Math.max(this.time, this.alarm.at);
    this.ring();
    return true;
  }

  private ring(): void {
    const { alarm } = this;
    this.alarm = undefined;
    alarm?.wake();
  }
}
