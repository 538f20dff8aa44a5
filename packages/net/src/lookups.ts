import type { WaitOptions } from "@arborio/core";
import type { NetBackend } from "@arborio/core/backend";
import { begin, perform, settling } from "@arborio/core/lowlevel";
import { Semaphore } from "@arborio/sync";

/**
 * How many lookups a network has under way at once. No host can stop one: a cancelled one is abandoned, and counts until
 * it ends. So names that nobody answers for hold this many threads of the host, and no more.
 */
export const MOST_LOOKUPS = 16;

const permits = new WeakMap<NetBackend, Semaphore>();

/** Starts a lookup when one of the network's is free, and waits for it; cancelled, it abandons it. */
export function lookUp<T>(
  net: NetBackend,
  start: () => Promise<T>,
  what: string,
  options: WaitOptions,
): Promise<T> {
  const semaphore = permits.get(net) ?? new Semaphore(MOST_LOOKUPS);
  permits.set(net, semaphore);
  return settling(bounded(semaphore, start, what, options), (value) => value);
}

async function bounded<T>(
  semaphore: Semaphore,
  start: () => Promise<T>,
  waitingFor: string,
  { signal }: WaitOptions,
): Promise<T> {
  const permit = await semaphore.acquire({ signal });
  let begun = false;
  const looking = (): Promise<T> => {
    begun = true;
    return begin(start, undefined).finally(() => permit.release());
  };
  try {
    return await perform(looking, { signal, waitingFor });
  } finally {
    // In a cancelled scope it is not begun.
    if (!begun) permit.release();
  }
}
