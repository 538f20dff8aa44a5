// Emitters and targets that count their listeners.
import { EventEmitter } from "node:events";

/** Node's emitter, whose listeners can be counted anyway. */
export const listenersOf = (emitter: EventEmitter): number =>
  emitter.eventNames().reduce((count, name) => count + emitter.listenerCount(name), 0);

/** An emitter of the older manners, and nothing else. */
export class OldEmitter {
  readonly #emitter = new EventEmitter();
  readonly addListener = (event: string, listener: (...args: unknown[]) => void): void => {
    this.#emitter.addListener(event, listener);
  };
  readonly removeListener = (event: string, listener: (...args: unknown[]) => void): void => {
    this.#emitter.removeListener(event, listener);
  };

  emit(event: string, ...args: unknown[]): void {
    this.#emitter.emit(event, ...args);
  }

  get listeners(): number {
    return listenersOf(this.#emitter);
  }
}

/** An EventTarget that counts. */
export class CountingTarget extends EventTarget {
  listeners = 0;

  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners++;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }
}
