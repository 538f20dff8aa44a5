import { Governor } from "./governor.ts";

export interface LockStatistics {
  readonly locked: boolean;
  readonly tasksWaiting: number;
}

/**
 * One at a time, first come, first served.
 *
 * ```ts fragment
 * await lock.with(() => update(file));
 *
 * using permit = await lock.acquire();
 * await update(file);
 * ```
 *
 * It is held by a permit, not by a task (S2): two branches of one task take turns, and who takes it again while holding it
 * waits for ever.
 */
export class Lock extends Governor {
  /** @internal */
  constructor(name = "the lock", permitName = `a permit of ${name}`) {
    super(name, permitName);
  }

  /** @internal */
  get room(): boolean {
    return this.out === 0;
  }

  get locked(): boolean {
    return !this.room;
  }

  statistics(): LockStatistics {
    return Object.freeze({ locked: this.locked, tasksWaiting: this.size });
  }
}
