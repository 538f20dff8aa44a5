import { isError } from "@arborio/core";
import { currentScope, markLayer, runUnder } from "@arborio/core/lowlevel";
import { checkHas } from "../arguments.ts";
import type { ByteReceiveStream } from "../byte-streams.ts";
import type { ObjectSendStream, ObjectStream } from "../object-streams.ts";
import type { AsyncResource } from "../resource.ts";
import { ownMemory } from "./own-memory.ts";

/**
 * A ReadableStream of the bytes of a stream, which is its own from now on; a byte stream of the platform (BYOB), where the
 * host has them. It receives only while it is read from. Cancelling it closes the stream; an error of the stream is its error,
 * and closes the stream too; at the end of the stream it closes, and so does the stream, unless that is open for sending still.
 *
 * **Cancellation** It receives in the scope in which it was made; if that is cancelled, it is errored with the Cancelled.
 */
export function toReadable(stream: ByteReceiveStream): ReadableStream<Uint8Array> {
  const run = runner(checkHas("receive", "receive", stream));
  const source = {
    type: ("ReadableByteStreamController" in globalThis ? "bytes" : undefined) as "bytes",
    async pull(controller: ReadableByteStreamController) {
      try {
        const maxBytes = controller.byobRequest?.view?.byteLength;
        controller.enqueue(ownMemory(await run(() => stream.receive(maxBytes))));
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
  return markLayer(new ReadableStream(source, { highWaterMark: 0 }), stream);
}

/**
 * A WritableStream to a stream, of bytes or of objects, which is its own from now on: a write is a `send`. Closing it closes
 * the stream, or, if that goes both ways, ends its sending; aborting it closes the stream forcefully, and so does an error of
 * the stream.
 *
 * **Cancellation** It sends in the scope in which it was made; if that is cancelled, it is errored with the Cancelled.
 */
export function toWritable<T>(stream: ObjectSendStream<T>): WritableStream<T> {
  const run = runner(checkHas("send", "send", stream));
  const sink = {
    // An abort waits for the write that is under way.
    write: (item: T, { signal }: WritableStreamDefaultController) => run(() => stream.send(item, { signal })),
    close: () => run(() => ("sendEof" in stream ? (stream as ObjectStream<T>).sendEof() : stream.close())),
    abort: () => stream.closeForcefully(),
  };
  return markLayer(new WritableStream<T>(sink), stream);
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
