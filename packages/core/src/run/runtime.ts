import { cell } from "../cell.ts";
import type { Backend } from "../contract/backend.ts";
import type { Clock } from "../contract/clock.ts";
import type { Scheduler, WakeUp } from "../contract/scheduler.ts";
import { createTimerClock } from "../platform/clock.ts";
import { createHopScheduler } from "../platform/scheduler.ts";
import { deadlinesOf, type Deadlines } from "../time/deadlines.ts";

// How many wake-ups and checkpoints pass between two looks at the clock, and how many ms one turn of the event loop may last (F1).
const LOOK_EVERY = 64;
const LONGEST_TURN = 4;

/** What a root, or all that is outside any root, runs on. */
export class Runtime {
  readonly backend: Backend | undefined;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly deadlines: Deadlines;
  readonly vars: Map<object, unknown> = new Map();
  /** Set when the root has ended. */
  finished = false;
  /** Counts wake-ups decided, and those of them not yet delivered: what `waitAllTasksBlocked` sees of progress. */
  activity = 0;
  undelivered = 0;
  /** Wake-ups that wait for the event loop's next turn; undefined if none does. */
  private late: WakeUp[] | undefined = undefined;
  private steps = 0;
  private turnBegan = 0;

  constructor(backend: Backend | undefined, platform: { clock: Clock; scheduler: Scheduler }) {
    this.backend = backend;
    this.clock = backend?.clock ?? platform.clock;
    this.scheduler = backend?.scheduler ?? platform.scheduler;
    this.deadlines = deadlinesOf(this.clock);
  }

  /** The one way by which a decided wake-up is delivered: in the order in which they were decided. */
  ready(wakeUp: WakeUp): void {
    this.activity++;
    this.undelivered++;
    const { scheduler } = this;
    if (scheduler.ready !== undefined) scheduler.ready(wakeUp);
    else if (this.late !== undefined) this.late.push(wakeUp);
    else if (this.turnIsLong()) this.postpone(wakeUp);
    else wakeUp.deliver();
  }

  private postpone(first: WakeUp): void {
    const late = (this.late = [first]);
    this.hop(() => {
      this.late = undefined;
      for (const wakeUp of late) wakeUp.deliver();
    });
  }

  /** Whether code has kept the event loop for some ms, so that timers and sockets are owed a turn (F1). */
  turnIsLong(): boolean {
    if (++this.steps < LOOK_EVERY) return false;
    this.steps = 0;
    return this.clock.now() - this.turnBegan >= LONGEST_TURN;
  }

  hop(wake: () => void): void {
    this.scheduler.hop(() => {
      this.turnBegan = this.clock.now();
      wake();
    });
  }
}

/** The runtime of what is outside any `run`: the platform's timers, no backend (F4). */
export function bareRuntime(): Runtime {
  return (cell().bare ??= new Runtime(undefined, { clock: createTimerClock(), scheduler: createHopScheduler() }));
}

/** A runtime for a root; what the backend leaves out it shares with all others without. */
export function createRuntime(backend: Backend | undefined): Runtime {
  return new Runtime(backend, bareRuntime());
}
