import { runUnder } from "@arborio/core/lowlevel";

/**
 * Calls `fn` under no scope: what waits in it belongs to no task and no cancellation reaches it (C20). For caches and
 * connections that outlive whoever first asked for them; whoever starts such work must see to its end.
 */
export function unscoped<T>(fn: () => T): T {
  return runUnder(undefined, fn);
}
