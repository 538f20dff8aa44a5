import {
  main as coreMain,
  run as coreRun,
  type MainOptions as CoreMainOptions,
  type RootHandle,
  type RunOptions as CoreRunOptions,
} from "@arborio/core";
import type { Backend, SignalName } from "@arborio/core/backend";
import type { DebugOptions, WatchOptions } from "@arborio/core/debug";
import { defaultBackend } from "#backend";

/** Where and how a root runs; the backend is by default this runtime's. */
export interface RunOptions extends CoreRunOptions {
  /** Debug mode, of the whole process, while it runs. By default on, and for good, if the environment has `ARBORIO_DEBUG=1`. */
  readonly debug?: boolean | DebugOptions | undefined;
}

/** How a program's main function runs; the backend is by default this runtime's. */
export interface MainOptions extends Partial<CoreMainOptions>, Pick<RunOptions, "debug"> {
  /** Prints the trees of all tasks to stderr at each arrival of this signal; in debug mode by default SIGUSR2, where the system has it. */
  readonly treeOn?: SignalName | undefined;
}

/** As core's `run`, on this runtime's backend unless another is given. */
export function run<T>(main: (root: RootHandle) => T | PromiseLike<T>, options: RunOptions = {}): Promise<T> {
  const { backend = defaultBackend(), debug = debugByEnvironment(backend) } = options;
  const start = (): Promise<T> => coreRun(main, { ...options, backend });
  return debug === false ? start() : watch(start, { backend, debug });
}

/**
 * Runs a whole program on this runtime's backend: SIGINT (Ctrl-C) and SIGTERM cancel the root, its cleanup runs, and the process exits
 * with 130 or 143; a second signal exits at once. An error is printed, a group as a tree, and the exit code is 1.
 */
export function main<T>(
  fn: (root: RootHandle) => T | PromiseLike<T>,
  options: MainOptions = {},
): Promise<T | undefined> {
  const { backend = defaultBackend(), debug = debugByEnvironment(backend), treeOn } = options;
  const start = (): Promise<T | undefined> => coreMain(fn, { ...options, backend });
  if (debug === false && treeOn === undefined) return start();
  return watch(start, { backend, debug, treeOn, program: true });
}

function debugByEnvironment({ host }: Backend): "kept" | false {
  return host?.env("ARBORIO_DEBUG") === "1" && "kept";
}

/** Debug mode is loaded when it is first wanted, and costs nothing else. */
async function watch<T>(start: () => Promise<T>, options: WatchOptions): Promise<T> {
  const { watched } = await import("@arborio/core/debug");
  return watched(start, options);
}
