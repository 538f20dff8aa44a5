import { isError, type WaitOptions } from "@arborio/core";
import { currentScope, runUnder } from "@arborio/core/lowlevel";
import { checkHas } from "../arguments.ts";
import type { ByteReceiveStream } from "../byte-streams.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";
import type { AsyncResource } from "../resource.ts";

/**
 * A ReadableStream of the bytes of a stream, which is its own from now on; a byte stream of the platform (BYOB), where the
 * host has them. It receives only while it is read from. Cancelling it closes the stream; an error of the stream is its error,
 * and closes the stream too; at the end of the stream it closes, and so does the stream, unless that is open for sending still.
 *
 * **Cancellation** It receives in the scope in which it was made; if that is cancelled, it is errored with the Cancelled.
 */
export function toReadable(stream: ByteReceiveStream): ReadableStream<Uint8Array> {
  const source = sourceOf<Uint8Array>(stream, (maxBytes) => stream.receive(maxBytes));
  try {
    return new ReadableStream({ ...source, type: "bytes" } as UnderlyingByteSource, READ_NOTHING_AHEAD);
  } catch {
    return new ReadableStream(source, READ_NOTHING_AHEAD);
  }
}

/** A ReadableStream of the objects of a stream, otherwise as {@link toReadable}. */
export function toObjectReadable<T>(stream: ObjectReceiveStream<T>): ReadableStream<T> {
  return new ReadableStream<T>(sourceOf<T>(stream, () => stream.receive()), READ_NOTHING_AHEAD);
}

/** What {@link toWritable} takes: a send stream, of bytes or of objects. */
export interface Sends<T> extends AsyncResource {
  send(item: T, options?: WaitOptions): Promise<void>;
  sendEof?(options?: WaitOptions): Promise<void>;
}

/**
 * A WritableStream to a stream, which is its own from now on: a write is a `send`. Closing it closes the stream, or, if that
 * goes both ways, ends its sending; aborting it closes the stream forcefully, and so does an error of the stream.
 *
 * **Cancellation** It sends in the scope in which it was made; if that is cancelled, it is errored with the Cancelled.
 */
export function toWritable<T>(stream: Sends<T>): WritableStream<T> {
  const run = runner(checkHas("send", "send", "a send stream", stream));
  return new WritableStream<T>({
    // An abort waits for the write that is under way.
    write: (item, { signal }) => run(() => stream.send(item, { signal })),
    close: () => run(() => (stream.sendEof === undefined ? stream.close() : stream.sendEof())),
    abort: () => stream.closeForcefully(),
  });
}

const READ_NOTHING_AHEAD = { highWaterMark: 0 };

type Controller = ReadableStreamDefaultController & Partial<Pick<ReadableByteStreamController, "byobRequest">>;

function sourceOf<T>(
  stream: AsyncResource,
  receive: (maxBytes?: number) => Promise<T>,
): { pull(controller: ReadableStreamDefaultController<T>): Promise<void>; cancel(): Promise<void> } {
  const run = runner(checkHas("receive", "receive", "a receive stream", stream as ByteReceiveStream));
  return {
    async pull(controller: Controller) {
      try {
        const item = await run(() => receive(controller.byobRequest?.view?.byteLength));
        controller.enqueue(item instanceof Uint8Array ? whole(item) : item);
      } catch (error) {
        if (!isError(error, "EndOfStream")) throw error;
        if (!("sendEof" in stream)) await run(() => stream.close());
        const { byobRequest } = controller;
        controller.close();
        byobRequest?.respond(0);
      }
    },
    // Not Cancelled, if the scope is: it is closed all the same (M5).
    cancel: () => run(() => stream[Symbol.asyncDispose]()),
  };
}

/** Runs in the scope of now; what fails closes the stream, for nobody else can any more. */
function runner(stream: AsyncResource): <R>(fn: () => Promise<R>) => Promise<R> {
  const scope = currentScope();
  return async (fn) => {
    try {
      return await runUnder(scope, fn);
    } catch (error) {
      if (!isError(error, "EndOfStream")) stream.closeForcefully();
      throw error;
    }
  };
}

/** Bytes alone in their memory: the platform takes it away as a whole. */
function whole(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
