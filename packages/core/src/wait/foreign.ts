import { begin } from "./begin.ts";
import { cancelledNow } from "./checkpoint.ts";
import { park, suspend, type WaitOptions } from "./suspend.ts";
import type { Waiter, WaitRecord } from "./waiter.ts";

/** How to wait for a promise that is not the library's. */
export interface ForeignOptions<T> extends WaitOptions {
  readonly waitingFor?: string | undefined;
  /** Gets a value that came after the wait was cancelled, to release it. */
  readonly discard?: ((late: T) => void) | undefined;
  /** Whether the scheduler is told of a real operation; by default it is. Not for what waits by the library itself. */
  readonly real?: boolean | undefined;
}

/**
 * Waits for a foreign promise. It cannot be stopped: cancellation ends the waiting, a late value goes to `discard`, a late
 * rejection is handled (C18).
 */
export function awaitPromise<T>(promise: PromiseLike<T>, options: ForeignOptions<T> = {}): Promise<T> {
  let armed = false;
  const wait = suspend<T>((waiter) => {
    armed = true;
    return follow(promise, waiter, options);
  }, options);
  if (!armed) promise.then(options.discard, nothing);
  return wait;
}

/**
 * Starts an operation of a backend and waits for it. In a cancelled scope it is not started; cancelled later, its signal is
 * aborted, the wait ends, and what it opened all the same goes to `discard`.
 */
export function perform<T>(
  start: (signal: AbortSignal) => PromiseLike<T>,
  options: ForeignOptions<T> = {},
): Promise<T> {
  return suspend<T>((waiter) => {
    const controller = new AbortController();
    const over = follow(begin(start, controller.signal), waiter, options);
    return () => {
      over();
      controller.abort();
    };
  }, options);
}

/**
 * Starts an operation that cannot be stopped, and waits to its end whatever happens: nothing goes on behind the block's back.
 * In a cancelled scope it is not started; a cancellation that comes later is seen at the next checkpoint (C5).
 */
export function performShielded<T>(start: () => PromiseLike<T>, options: ForeignOptions<T> = {}): Promise<T> {
  if (cancelledNow(options)) return park(options);
  return suspend<T>((waiter) => void follow(begin(start, undefined), waiter, options), {
    ...options,
    shielded: true,
  });
}

/** Settles the waiter with the promise; gives what to call if nobody waits for it any more. Until then the scheduler knows of a real operation. */
function follow<T>(
  promise: PromiseLike<T>,
  waiter: Waiter<T>,
  { discard, real = true }: ForeignOptions<T>,
): () => void {
  const { scheduler } = (waiter as WaitRecord<T>).runtime;
  const over = (real ? scheduler.busy?.() : undefined) ?? nothing;
  Promise.resolve(promise).then(
    (value) => {
      over();
      if (!waiter.resume(value)) discard?.(value);
    },
    (error: unknown) => {
      over();
      waiter.fail(error);
    },
  );
  return over;
}

const nothing = (): void => {};
