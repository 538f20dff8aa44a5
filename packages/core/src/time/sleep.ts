import type { Runtime } from "../run/runtime.ts";
import { checkTime } from "../errors/argument.ts";
import { currentRuntime } from "../scope/current.ts";
import { checkpoint } from "../wait/checkpoint.ts";
import { park, suspend, type WaitOptions } from "../wait/suspend.ts";
import type { Waiter, WaitRecord } from "../wait/waiter.ts";
import { AFTER_SCOPES, deadlinesOf, Due } from "./deadlines.ts";

/**
 * Waits for `ms` milliseconds; 0 or less is a {@link checkpoint}.
 *
 * @throws RangeError for NaN, TypeError for what is no number
 */
export function sleep(ms: number, options?: WaitOptions): Promise<void> {
  checkTime("sleep", "ms", ms);
  if (ms <= 0) return checkpoint(options);
  const runtime = currentRuntime(options?.signal);
  return sleepOn(runtime, runtime.clock.now() + ms, options);
}

/**
 * Waits until the clock says `time` (see {@link currentTime}); a time that has passed is a {@link checkpoint}.
 *
 * @throws RangeError for NaN, TypeError for what is no number
 */
export function sleepUntil(time: number, options?: WaitOptions): Promise<void> {
  checkTime("sleep", "time", time);
  const runtime = currentRuntime(options?.signal);
  return time <= runtime.clock.now() ? checkpoint(options) : sleepOn(runtime, time, options);
}

/** Waits until cancelled. */
export function sleepForever(options?: WaitOptions): Promise<never> {
  return park({ signal: options?.signal, waitingFor: "ever" });
}

/** The clock's time, in ms from an arbitrary moment; monotonic. In the simulation, virtual. */
export function currentTime(): number {
  return currentRuntime().clock.now();
}

function sleepOn(runtime: Runtime, time: number, options: WaitOptions | undefined): Promise<void> {
  if (time === Infinity) return sleepForever(options);
  const arm = (waiter: Waiter<void>): (() => void) => {
    const deadlines = deadlinesOf(runtime);
    const due = new Due(time, waiter as WaitRecord<void>, AFTER_SCOPES);
    deadlines.add(due);
    return () => deadlines.delete(due);
  };
  return suspend(arm, { signal: options?.signal, waitingFor: "a sleep to end" });
}
