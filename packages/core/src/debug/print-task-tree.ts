import type { Backend } from "../contract/backend.ts";
import type { SignalName } from "../contract/signals.ts";
import { formatTaskTree } from "../task/tree.ts";
import { rootTasks } from "./roots.ts";

/** Prints the trees of all tasks of the process to `console.error`, which is stderr where there is one. */
export function printTaskTree(): void {
  const trees = rootTasks().map(formatTaskTree);
  console.error(trees.length === 0 ? "no task is running" : trees.join("\n"));
}

/**
 * Prints the trees at each arrival of that signal, until the returned function is called. Where the backend has no signals
 * nothing ever arrives.
 *
 * @throws OSError `EINVAL` for a signal this system does not have
 */
export function printTaskTreeOn(signal: SignalName, { signals }: Pick<Backend, "signals">): () => void {
  return signals?.listen(signal, printTaskTree) ?? (() => {});
}
