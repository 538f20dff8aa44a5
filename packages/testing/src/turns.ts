import { createHopScheduler, type Scheduler, type WakeUp } from "@arborio/core/backend";

/** What a turn-taking scheduler is given. */
export interface TurnsOptions {
  /** The order of a turn's wake-ups; in place. None: as they came. */
  readonly order: ((turn: WakeUp[]) => WakeUp[]) | undefined;
  /** Called when nothing is left to deliver. */
  readonly quiescent: () => void;
}

/**
 * Delivers wake-ups in turns (F2): all that is woken during a turn goes on in the next one, each in a macrotask of its own, so
 * that a task runs to its next wait in one piece. Quiescent: a macrotask came and nothing was woken.
 */
export class Turns implements Scheduler {
  /** How many real operations are under way. */
  pending = 0;
  /** How many wake-ups were delivered. */
  delivered = 0;
  private readonly options: TurnsOptions;
  private readonly macrotasks: Scheduler = createHopScheduler();
  private turn: WakeUp[] = [];
  private next: WakeUp[] = [];
  private coming = false;

  constructor(options: TurnsOptions) {
    this.options = options;
  }

  ready(wakeUp: WakeUp): void {
    this.next.push(wakeUp);
    this.goOn();
  }

  hop(wake: () => void): void {
    this.ready({ deliver: wake });
  }

  busy(): () => void {
    let over = false;
    this.pending++;
    return () => {
      if (over) return;
      over = true;
      this.pending--;
      this.goOn();
    };
  }

  /** Sees to it that a macrotask comes. */
  goOn(): void {
    if (this.coming) return;
    this.coming = true;
    this.macrotasks.hop(this.step);
  }

  private readonly step = (): void => {
    this.coming = false;
    if (this.turn.length === 0) this.beginTurn();
    const wakeUp = this.turn.pop();
    if (wakeUp === undefined) return this.options.quiescent();
    this.goOn();
    this.delivered++;
    wakeUp.deliver();
  };

  /** The turn is a stack: what goes first is last. */
  private beginTurn(): void {
    const { order } = this.options;
    this.turn = order === undefined ? this.next : order(this.next);
    this.turn.reverse();
    this.next = [];
  }
}
