import {
  main as coreMain,
  run as coreRun,
  type MainOptions as CoreMainOptions,
  type RootHandle,
  type RunOptions,
} from "@arborio/core";
import { defaultBackend } from "#backend";

/** How a program's main function runs; the backend is by default this runtime's. */
export type MainOptions = Partial<CoreMainOptions>;

/** As core's `run`, on this runtime's backend unless another is given. */
export function run<T>(main: (root: RootHandle) => T | PromiseLike<T>, options: RunOptions = {}): Promise<T> {
  return coreRun(main, { ...options, backend: options.backend ?? defaultBackend() });
}

/**
 * Runs a whole program on this runtime's backend: SIGINT (Ctrl-C) and SIGTERM cancel the root, its cleanup runs, and the process exits
 * with 130 or 143; a second signal exits at once. An error is printed, a group as a tree, and the exit code is 1.
 */
export function main<T>(
  fn: (root: RootHandle) => T | PromiseLike<T>,
  options: MainOptions = {},
): Promise<T | undefined> {
  return coreMain(fn, { ...options, backend: options.backend ?? defaultBackend() });
}
