import { cell } from "../cell.ts";
import type { Backend } from "../contract/backend.ts";
import type { Clock } from "../contract/clock.ts";
import type { Scheduler, WakeUp } from "../contract/scheduler.ts";
import { createHopScheduler } from "../platform/scheduler.ts";
import type { Deadlines } from "../time/deadlines.ts";

// How many wake-ups and checkpoints pass between two looks at the clock, and how many ms one turn of the event loop may last (F1).
const LOOK_EVERY = 64;
const LONGEST_TURN = 4;

/** A clock of which the alarm may be missing: then it is the platform's (see `deadlinesOf`). */
export type Time = Pick<Clock, "now"> & Partial<Clock>;

/** What a root, or all that is outside any root, runs on. */
export class Runtime {
  readonly backend: Backend | undefined;
  readonly clock: Time;
  readonly scheduler: Scheduler;
  /** Of its clock; unknown until something here is due (see `deadlinesOf`). */
  deadlines: Deadlines | undefined;
  /** Counts wake-ups decided, and those of them not yet delivered: what `waitAllTasksBlocked` sees of progress. */
  activity = 0;
  undelivered = 0;
  /** Wake-ups that wait for the event loop's next turn; undefined while this one is not long. */
  #late: WakeUp[] | undefined;
  #steps = 0;
  #turnBegan = 0;

  constructor(backend: Backend | undefined, platform: { clock: Time; scheduler: Scheduler }) {
    this.backend = backend;
    this.clock = backend?.clock ?? platform.clock;
    this.scheduler = backend?.scheduler ?? platform.scheduler;
  }

  /** The one way by which a decided wake-up is delivered: in the order in which they were decided. */
  ready(wakeUp: WakeUp): void {
    this.activity++;
    this.undelivered++;
    const { scheduler } = this;
    if (scheduler.ready !== undefined) scheduler.ready(wakeUp);
    else if (this.#isLate()) this.#late?.push(wakeUp);
    else wakeUp.deliver();
  }

  /** Whether who need not wait is to yield all the same. */
  mustYield(): boolean {
    return this.scheduler.ready !== undefined || this.#isLate();
  }

  /** Whether code has kept the event loop for some ms, so that timers and sockets are owed a turn (F1). Then all waits for the next. */
  #isLate(): boolean {
    if (this.#late === undefined && ++this.#steps >= LOOK_EVERY) {
      this.#steps = 0;
      if (this.clock.now() - this.#turnBegan >= LONGEST_TURN) this.#endTurn();
    }
    return this.#late !== undefined;
  }

  #endTurn(): void {
    const late: WakeUp[] = (this.#late = []);
    this.scheduler.hop(() => {
      this.#late = undefined;
      this.#turnBegan = this.clock.now();
      for (const wakeUp of late) wakeUp.deliver();
    });
  }
}

/** The runtime of what is outside any `run`: the platform's timers, no backend (F4). */
export function bareRuntime(): Runtime {
  return (cell().bare ??= new Runtime(undefined, {
    clock: { now: () => performance.now() },
    scheduler: createHopScheduler(),
  }));
}

/** A runtime for a root; what the backend leaves out it shares with all others without. */
export function createRuntime(backend: Backend | undefined): Runtime {
  return new Runtime(backend, bareRuntime());
}
