import { isError } from "@arborio/core";
import { afterWait } from "@arborio/core/lowlevel";

/**
 * For authors of streams: what a stream's `[Symbol.asyncIterator]` gives, from its `receive`. It ends at EndOfStream, and
 * does not close the stream when the loop is left.
 */
export function receiveAll<T>(receive: () => Promise<T>): AsyncIterableIterator<T> {
  return {
    next: () => afterWait<T, IteratorResult<T>>(receive(), given, ended),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const given = <T>(value: T): IteratorResult<T> => ({ done: false, value });

function ended(error: unknown): IteratorResult<never> {
  if (isError(error, "EndOfStream")) return { done: true, value: undefined };
  throw error;
}
