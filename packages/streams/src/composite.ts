import { isCancelled } from "@arborio/core";
import { handled } from "@arborio/core/lowlevel";

/**
 * For authors of streams: a promise made of several waits. As a single wait's, its rejection is marked as handled if it is
 * a cancellation: a floating `const p = stream.receive()` that is cancelled must not be an unhandled rejection.
 */
export function composite<T>(promise: Promise<T>): Promise<T> {
  const result: Promise<T> = promise.catch((error: unknown) => {
    if (isCancelled(error)) void handled(result);
    throw error;
  });
  return result;
}
