import type { Clock } from "@arborio/core/backend";
import { deadlinesOf, Due, type Timed } from "@arborio/core/lowlevel";

interface Alarm {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock over another that tells of each look at it, and can be put forward. Its alarm is an entry among the deadlines of the
 * other: whoever uses that one goes on undisturbed.
 */
export class LookedAtClock implements Clock {
  readonly #below: Timed;
  readonly #looked: (time: number) => void;
  /** Ms that it is ahead of the other. */
  #ahead = 0;
  /** The time of the look that is being told of: it stands still meanwhile. */
  #still: number | undefined;
  #alarm: Alarm | undefined;
  #due: Due | undefined;

  /** @param looked called with the time that the look is about to return */
  constructor(clock: Clock, looked: (time: number) => void) {
    this.#below = { clock, deadlines: undefined };
    this.#looked = looked;
  }

  now(): number {
    if (this.#still !== undefined) return this.#still;
    const time = (this.#still = this.#below.clock.now() + this.#ahead);
    this.#looked(time);
    this.#still = undefined;
    return time;
  }

  /** Puts it forward by so many ms, for the looks to come. */
  forward(ms: number): void {
    this.#ahead += ms;
  }

  arm(at: number, wake: () => void): void {
    this.#alarm = { at, wake };
    this.#set(true);
  }

  hold(wanted: boolean): void {
    this.#set(wanted);
  }

  /** Takes the alarm back, and sets it anew if it is wanted. */
  #set(wanted: boolean): void {
    const deadlines = deadlinesOf(this.#below);
    if (this.#due !== undefined) deadlines.delete(this.#due);
    this.#due = undefined;
    if (!wanted || this.#alarm === undefined) return;
    this.#due = new Due(this.#alarm.at - this.#ahead, { ring: () => this.#ring() });
    deadlines.add(this.#due);
  }

  #ring(): void {
    const alarm = this.#alarm;
    this.#alarm = this.#due = undefined;
    alarm?.wake();
  }
}
