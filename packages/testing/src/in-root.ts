import { run, type RootHandle } from "@arborio/core";
import type { Backend } from "@arborio/core/backend";
import { cancelScope, currentRuntime, currentScope, deadlinesOf } from "@arborio/core/lowlevel";
import { leftovers } from "./leftovers.ts";
import { watchRejections } from "./rejections.ts";
import { simulation } from "./simulation.ts";

/** Where tests run. */
export interface InRootOptions {
  /** Makes the backend of a test; by default a fresh simulation. */
  readonly backend?: (() => Backend) | undefined;
}

/**
 * Wraps the body of a test, for any runner: it runs in a root of its own, and fails if it leaves behind tasks, waits, open
 * scopes or timers, or a rejection nobody handled. What the body itself throws comes first.
 */
export function inRoot(
  fn: (root: RootHandle) => unknown,
  { backend = simulation }: InRootOptions = {},
): () => Promise<void> {
  return async () => {
    const rejections = watchRejections();
    try {
      await run((root) => checked(fn, root), { backend: backend(), name: "test" });
    } finally {
      await rejections.end();
    }
    const { seen } = rejections;
    if (seen.length > 0)
      throw new AggregateError(
        seen,
        `Cannot pass the test: ${String(seen.length)} rejections were not handled: ${seen.join("; ")}`,
      );
  };
}

async function checked(fn: (root: RootHandle) => unknown, root: RootHandle): Promise<void> {
  const deadlines = deadlinesOf(currentRuntime());
  const before = deadlines.size;
  await fn(root);
  const found = leftovers();
  if (deadlines.size > before) found.push(`${String(deadlines.size - before)} timers`);
  if (found.length === 0) return;
  const scope = currentScope();
  if (scope !== undefined) cancelScope(scope, "exit", "the test left this behind");
  throw new Error(`Cannot pass the test: it left behind ${found.join(", ")}`);
}
