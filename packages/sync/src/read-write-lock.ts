import { Governor } from "./governor.ts";

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
    const read: Side = new Side("read", () => write.out === 0);
    const write: Side = new Side("write", () => read.out + write.out === 0);
    write.line = read;
    this.read = read;
    this.write = write;
  }

  statistics(): ReadWriteLockStatistics {
    const { read, write } = this;
    return Object.freeze({ readers: read.out, writing: write.out > 0, tasksWaiting: read.size });
  }
}

/** The readers, or the writers. */
class Side extends Governor {
  readonly #hasRoom: () => boolean;

  constructor(action: string, hasRoom: () => boolean) {
    super(`a permit to ${action}`);
    this.#hasRoom = hasRoom;
  }

  get room(): boolean {
    return this.#hasRoom();
  }
}
