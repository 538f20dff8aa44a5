// Whatever gives permits, each with room for one: what holds for all of them is tested on all of them.
import { CapacityLimiter, Lock, ReadWriteLock, Semaphore, type Governor } from "@arborio/sync";

/** By name; each call makes a new one. */
export const governors: Readonly<Record<string, () => Governor & { readonly waiting: number }>> = {
  Lock: () => counted(new Lock()),
  Semaphore: () => counted(new Semaphore(1)),
  CapacityLimiter: () => counted(new CapacityLimiter(1)),
  "ReadWriteLock, to write": () => {
    const lock = new ReadWriteLock();
    return counted(lock.write, lock);
  },
};

interface Counts {
  statistics(): { readonly tasksWaiting: number };
}

function counted<G extends Governor>(
  governor: G,
  counts: Counts = governor as unknown as Counts,
): G & { readonly waiting: number } {
  Object.defineProperty(governor, "waiting", { get: () => counts.statistics().tasksWaiting });
  return governor as G & { readonly waiting: number };
}
