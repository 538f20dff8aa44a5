import type { WaitOptions } from "@arborio/core";
import { suspend, type ScopeNode, type WaitQueue } from "@arborio/core/lowlevel";

/** Waits in a queue. */
export function queued<T>(
  queue: WaitQueue<T>,
  waitingFor: string,
  options: WaitOptions | undefined,
  within?: ScopeNode,
): Promise<T> {
  return suspend<T>((waiter) => queue.add(waiter), { signal: options?.signal, waitingFor, within });
}
