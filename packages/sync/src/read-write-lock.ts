import { WaitQueue } from "@arborio/core/lowlevel";
import { Governor, type Line } from "./governor.ts";

export interface ReadWriteLockStatistics {
  readonly readers: number;
  readonly writing: boolean;
  readonly tasksWaiting: number;
}

/**
 * Many readers at a time, or one writer. Readers and writers stand in one line, first come, first served: a reader that comes
 * after a waiting writer waits too, so neither starves.
 *
 * ```ts fragment
 * await lock.read.with(() => look(table));
 * await lock.write.with(() => change(table));
 * ```
 */
export class ReadWriteLock {
  readonly read: Governor;
  readonly write: Governor;

  constructor() {
    const line: Line = new WaitQueue();
    const read: Side = new Side("read", line, () => write.out === 0);
    const write: Side = new Side("write", line, () => read.out + write.out === 0);
    this.read = read;
    this.write = write;
  }

  statistics(): ReadWriteLockStatistics {
    const { read, write } = this;
    return Object.freeze({ readers: read.out, writing: write.out > 0, tasksWaiting: read.line.size });
  }
}

/** The readers, or the writers. */
class Side extends Governor {
  readonly #hasRoom: () => boolean;

  constructor(action: string, line: Line, hasRoom: () => boolean) {
    super(`the lock to ${action}`, `a permit to ${action}`, line);
    this.#hasRoom = hasRoom;
  }

  get room(): boolean {
    return this.#hasRoom();
  }
}
