import type { WaitOptions } from "@arborio/core";
import { awaitPromise, wrongType } from "@arborio/core/lowlevel";

/**
 * Waits for a promise that is not the library's, until cancelled. The work behind it cannot be stopped and goes on: its late
 * result is dropped, its late rejection handled (C18). Where the work takes a signal, give it `currentSignal()` as well.
 *
 * @throws TypeError for what is no promise; else what the promise rejects with
 */
export function abortable<T>(promise: PromiseLike<T>, options: WaitOptions = {}): Promise<T> {
  if (typeof (promise as PromiseLike<T> | undefined)?.then !== "function") {
    throw wrongType("wait", "abortable takes a promise", promise);
  }
  return awaitPromise(promise, { signal: options.signal, waitingFor: "a foreign promise" });
}
