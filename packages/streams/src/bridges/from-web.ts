import { checkHas } from "../arguments.ts";
import type { ByteReceiveStream, ByteSendStream } from "../byte-streams.ts";
import { ForeignByteStream } from "./foreign-byte-stream.ts";
import type { Foreign } from "./foreign-stream.ts";

/**
 * The bytes of a ReadableStream, which it locks. Closing it cancels the ReadableStream. A byte stream of the platform is read
 * into memory of the right size (BYOB); of others a chunk that is too long is given in parts.
 *
 * **Throws** TypeError if it is locked, at once; BrokenResourceError, with what it was errored with, or with a TypeError for a
 * chunk that is no Uint8Array.
 */
export function fromReadable(readable: ReadableStream<Uint8Array>): ByteReceiveStream {
  return new ForeignByteStream(reading(readable));
}

/**
 * Sends bytes to a WritableStream, which it locks: a `send` returns when its sink has taken them. Closing it closes the
 * WritableStream; it is aborted instead by `closeForcefully`, if the closing is cancelled, or if a send was.
 *
 * **Throws** TypeError if it is locked, at once; BrokenResourceError, with what it was errored with.
 */
export function fromWritable(writable: WritableStream<Uint8Array>): ByteSendStream {
  return new ForeignByteStream(writing(writable));
}

type Web = Foreign<Uint8Array> & Required<Pick<Foreign<Uint8Array>, "close">>;

export function reading(readable: ReadableStream<Uint8Array>): Web {
  checkHas("receive", "getReader", readable);
  let reader: ReadableStreamDefaultReader<Uint8Array> | ReadableStreamBYOBReader;
  let size = 65_536;
  try {
    reader = readable.getReader({ mode: "byob" });
  } catch {
    // It is none of bytes; or it is locked, which this one says.
    reader = readable.getReader();
    size = 0;
  }
  return {
    name: "the ReadableStream",
    below: readable,
    // Only a BYOB reader takes memory.
    read: (maxBytes) => (reader as ReadableStreamBYOBReader).read(new Uint8Array(Math.min(maxBytes, size))),
    // As leaving a loop over it: it is cancelled, and no longer locked.
    close: (why) => reader.cancel(why).finally(() => reader.releaseLock()),
  };
}

export function writing(writable: WritableStream<Uint8Array>): Web {
  const writer = checkHas("send", "getWriter", writable).getWriter();
  return {
    name: "the WritableStream",
    below: writable,
    write: (bytes) => writer.write(bytes),
    close: (why) => (why ? writer.abort(why) : writer.close()),
  };
}
