import { wrongType } from "@arborio/core/lowlevel";
import type { ByteReceiveStream } from "../byte-streams.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";
import { ForeignByteStream } from "./foreign-byte-stream.ts";
import { ForeignObjectReceiveStream } from "./foreign-object-stream.ts";
import type { Foreign } from "./foreign-stream.ts";

/** What can be looped over by `for await`. */
export type AnyIterable<T> = AsyncIterable<T> | Iterable<T>;

/**
 * Receives what an iterable gives, one at a time, when asked. Closing it calls the iterator's `return`; a generator comes to
 * that when the step that is under way ends.
 *
 * **Cancellation** The step goes on, in the scope in which the stream was made; what it gives goes to the next `receive`.
 *
 * **Throws** BrokenResourceError, with what the iterable threw as its cause.
 */
export function fromIterable<T>(iterable: AnyIterable<T>): ObjectReceiveStream<T> {
  return new ForeignObjectReceiveStream(stepsOf(iterable));
}

/** As {@link fromIterable}, for bytes; empty chunks are left out. */
export function fromByteIterable(iterable: AnyIterable<Uint8Array>): ByteReceiveStream {
  return new ForeignByteStream(stepsOf(iterable));
}

function stepsOf<T>(iterable: Partial<AsyncIterable<T>> & Partial<Iterable<T>>): Foreign<T> {
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (iterator === undefined) throw wrongType("receive", "it takes an iterable", iterable);
  let over: unknown;
  return {
    name: "the iterable",
    below: iterable,
    read: async () => {
      const came = await iterator.next();
      if (came.done === true) over = came;
      return came;
    },
    // As a loop does: once, and not after the end.
    close: () => (over ??= iterator.return?.()),
  };
}
