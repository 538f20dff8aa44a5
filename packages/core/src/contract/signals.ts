/** Signals of the operating system that a program may ask for. */
export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGWINCH";

/** Signals of the operating system. */
export interface SignalsBackend {
  /**
   * Calls `listener` at each arrival, in place of the default action, until the returned function is called.
   * Listening alone does not keep the process alive.
   * @throws OSError `EINVAL` for a signal this system does not have
   */
  listen(signal: SignalName, listener: () => void): () => void;
}
