/** A signal that never aborts, and counts who listens to it. */
export class CountedSignal {
  readonly signal: AbortSignal;
  readonly #listening = new Set<unknown>();

  constructor() {
    const { signal } = new AbortController();
    const { addEventListener, removeEventListener } = signal;
    this.signal = Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof addEventListener>): void => {
        this.#listening.add(args[1]);
        addEventListener.apply(signal, args);
      },
      removeEventListener: (...args: Parameters<typeof removeEventListener>): void => {
        this.#listening.delete(args[1]);
        removeEventListener.apply(signal, args);
      },
    });
  }

  get listeners(): number {
    return this.#listening.size;
  }
}
