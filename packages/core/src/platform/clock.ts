import type { Clock } from "../contract/clock.ts";

/** How a host lets a pending timer keep its process alive, or not. */
export type HoldTimer = (timer: unknown, wanted: boolean) => void;

// Longer delays fire at once on every host.
const LONGEST = 2 ** 31 - 1;

/**
 * A clock over `performance.now` and `setTimeout`, which every runtime has.
 * @param holdTimer by default by the methods `ref` and `unref` of the timer, where it has them (Node, Bun)
 */
export function createTimerClock(holdTimer: HoldTimer = holdByMethod): Clock {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    now: () => performance.now(),
    arm(at, wake) {
      clearTimeout(timer);
      const delay = Math.min(Math.max(Math.ceil(at - performance.now()), 0), LONGEST);
      timer = setTimeout(() => {
        timer = undefined;
        wake();
      }, delay);
    },
    hold(wanted) {
      if (timer !== undefined) holdTimer(timer, wanted);
    },
  };
}

const holdByMethod: HoldTimer = (timer, wanted) => {
  const held = timer as { ref?(): void; unref?(): void };
  if (wanted) held.ref?.();
  else held.unref?.();
};
