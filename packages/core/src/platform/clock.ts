import type { Clock } from "../contract/clock.ts";

/** How a host lets a pending timer keep its process alive, or not. */
export interface TimerReference {
  ref(timer: unknown): void;
  unref(timer: unknown): void;
}

// Longer delays fire at once on every host.
const LONGEST = 2 ** 31 - 1;

/**
 * A clock over `performance.now` and `setTimeout`, which every runtime has.
 * @param reference by default the methods `ref` and `unref` of the timer, where it has them (Node, Bun)
 */
export function createTimerClock(reference: TimerReference = methods): Clock {
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
      if (timer === undefined) return;
      if (wanted) reference.ref(timer);
      else reference.unref(timer);
    },
  };
}

const methods: TimerReference = {
  ref: (timer) => (timer as { ref?(): void }).ref?.(),
  unref: (timer) => (timer as { unref?(): void }).unref?.(),
};
