type Listen = (type: string, listener: unknown, options?: unknown) => void;

/** A signal that never aborts, and counts who listens to it. */
export class CountedSignal {
  readonly signal: AbortSignal;
  readonly #listening = new Set<unknown>();

  constructor() {
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal) as Listen;
    const remove = signal.removeEventListener.bind(signal) as Listen;
    this.signal = Object.assign(signal, {
      addEventListener: (type: string, listener: unknown, options?: unknown): void => {
        this.#listening.add(listener);
        add(type, listener, options);
      },
      removeEventListener: (type: string, listener: unknown, options?: unknown): void => {
        this.#listening.delete(listener);
        remove(type, listener, options);
      },
    });
  }

  get listeners(): number {
    return this.#listening.size;
  }
}
