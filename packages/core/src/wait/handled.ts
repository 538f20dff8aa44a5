import { isCancelledLeaf, onlyCancelled } from "../errors/is.ts";

const ignore = (): void => {};

/** Marks a promise's rejection as handled, and gives the promise. */
export function handled<P extends PromiseLike<unknown>>(promise: P): P {
  promise.then(undefined, ignore);
  return promise;
}

/**
 * `promise.then(onValue, onError)` for a composite wait. If these throw nothing but cancellations, nobody need observe it: a floating
 * wait that is cancelled must not become an unhandled rejection. Whoever awaits it still sees it.
 */
export function settling<T, R>(
  promise: Promise<T>,
  onValue: (value: T) => R,
  onError?: (error: unknown) => R,
): Promise<R> {
  const guard = <A>(fn: (arg: A) => R) => {
    return (arg: A): R => {
      try {
        return fn(arg);
      } catch (error) {
        if (onlyCancelled(error)) void handled(result);
        throw error;
      }
    };
  };
  const result = promise.then(guard(onValue), guard(onError ?? rethrow));
  return result;
}

/**
 * `wait.then(onValue, onError)` for one wait, whose cancellation is a plain Cancelled; for what may reject with a group of
 * them there is {@link settling}.
 */
export function afterWait<T, R = T>(
  wait: Promise<T>,
  onValue?: (value: T) => R,
  onError: (error: unknown) => R = rethrow,
): Promise<R> {
  const result = wait.then(onValue, (error: unknown) => {
    if (isCancelledLeaf(error)) void handled(result);
    return onError(error);
  });
  return result;
}

function rethrow(error: unknown): never {
  throw error;
}
