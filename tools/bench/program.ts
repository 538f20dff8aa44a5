/** What runs JavaScript. */
export type Runtime = "node" | "deno";

/** One workload written for one system, as that system's own documentation would write it. */
export interface Program {
  /** The one it is written for, if it is for one. */
  readonly runtime?: Runtime;
  /** The largest n it is run with, where more would take minutes. */
  readonly limit?: number;
  /** What comes before each run and is not timed. */
  prepare?(n: number): Promise<void>;
  /** Gives how many items did what the workload asks of them: `n`, or the program is wrong. */
  run(n: number): Promise<number>;
}

/** What a module below `programs/<workload>/` exports; its file name is the name of the peer. */
export interface ProgramModule {
  readonly program: Program;
}

/** A promise and what resolves it. */
export interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

export function deferred(): Deferred {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** Resolves when `n` have arrived. */
export function countdown(n: number): { readonly all: Promise<void>; readonly arrive: () => void } {
  const { promise: all, resolve } = deferred();
  let left = n;
  const arrive = (): void => {
    if (--left === 0) resolve();
  };
  return { all, arrive };
}

/** A whole turn of the event loop: what was about to wait waits. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
