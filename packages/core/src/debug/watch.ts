import type { Backend } from "../contract/backend.ts";
import type { SignalName } from "../contract/signals.ts";
import { isError } from "../errors/is.ts";
import { ensureDebug, startDebug, type DebugOptions } from "./debug-mode.ts";
import { printTaskTreeOn } from "./print-task-tree.ts";

/** How a run is watched. */
export interface WatchOptions {
  readonly backend: Backend;
  /** Debug mode while it runs; `kept`: for good, unless it is on. */
  readonly debug: boolean | DebugOptions | "kept";
  /** Prints the trees of all tasks at each arrival of this signal. */
  readonly treeOn?: SignalName | undefined;
  /** It is the whole program, whose signals are its own: in debug mode SIGUSR2 prints the trees, where the system has it. */
  readonly program?: boolean | undefined;
}

// Not SIGUSR1: Node starts its inspector by it, which one may want for the very same program.
const TREE_SIGNAL = "SIGUSR2";

/** Starts something under watch, for as long as it lasts: what `run` and `main` of the umbrella do for their options. */
export async function watched<T>(start: () => PromiseLike<T>, options: WatchOptions): Promise<T> {
  const { backend, debug, program, treeOn } = options;
  const ends = [debugFor(debug)];
  try {
    if (treeOn !== undefined) ends.push(printTaskTreeOn(treeOn, backend));
    else if (program === true && debug !== false) ends.push(printIfPossible(backend));
    return await start();
  } finally {
    for (const end of ends) end();
  }
}

function debugFor(debug: WatchOptions["debug"]): () => void {
  if (typeof debug === "object") return startDebug(debug);
  if (debug === true) return startDebug();
  if (debug === "kept") ensureDebug();
  return nothing;
}

function printIfPossible(backend: Backend): () => void {
  try {
    return printTaskTreeOn(TREE_SIGNAL, backend);
  } catch (error) {
    if (isError(error, "OSError")) return nothing;
    throw error;
  }
}

const nothing = (): void => {};
