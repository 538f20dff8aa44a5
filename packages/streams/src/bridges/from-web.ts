import type { ByteReceiveStream, ByteSendStream } from "../byte-streams.ts";
import { checkHas } from "../arguments.ts";
import type { ObjectReceiveStream, ObjectSendStream } from "../object-streams.ts";
import { ForeignByteReceiveStream, ForeignByteSendStream } from "./foreign-bytes.ts";
import { ForeignObjectReceiveStream, ForeignObjectSendStream } from "./foreign-objects.ts";
import type { Foreign } from "./foreign-stream.ts";

/**
 * The bytes of a ReadableStream, which it locks. Closing it cancels the ReadableStream. A byte stream of the platform is read
 * into memory of the right size (BYOB); of others a chunk that is too long is given in parts.
 *
 * **Throws** TypeError if it is locked, at once; BrokenResourceError, with what it was errored with, or with a TypeError for a
 * chunk that is no Uint8Array.
 */
export function fromReadable(readable: ReadableStream<Uint8Array>): ByteReceiveStream {
  return new ForeignByteReceiveStream(bytesOf(readable));
}

/** The objects of a ReadableStream, otherwise as {@link fromReadable}. */
export function fromObjectReadable<T>(readable: ReadableStream<T>): ObjectReceiveStream<T> {
  const reader = checkReadable(readable).getReader();
  return new ForeignObjectReceiveStream<T>(readFrom(reader, () => reader.read()));
}

/**
 * Sends bytes to a WritableStream, which it locks: a `send` returns when its sink has taken them. Closing it closes the
 * WritableStream; it is aborted instead by `closeForcefully`, if the closing is cancelled, or if a send was.
 *
 * **Throws** TypeError if it is locked, at once; BrokenResourceError, with what it was errored with.
 */
export function fromWritable(writable: WritableStream<Uint8Array>): ByteSendStream {
  return new ForeignByteSendStream(writeTo(writable));
}

/** Sends objects to a WritableStream, otherwise as {@link fromWritable}. */
export function fromObjectWritable<T>(writable: WritableStream<T>): ObjectSendStream<T> {
  return new ForeignObjectSendStream<T>(writeTo(writable));
}

export function bytesOf(readable: ReadableStream<Uint8Array>): Foreign<Uint8Array> {
  const byob = byobReader(checkReadable(readable));
  if (byob !== undefined)
    return readFrom(byob, (maxBytes) => byob.read(new Uint8Array(Math.min(maxBytes, 65_536))));
  const reader = readable.getReader();
  return readFrom(reader, () => reader.read());
}

export function writeTo<T>(writable: WritableStream<T>): Foreign<T> & Required<Pick<Foreign<T>, "write">> {
  const writer = checkHas("send", "getWriter", "a WritableStream", writable).getWriter();
  return {
    name: "the WritableStream",
    write: (item) => writer.write(item),
    close: (why) => (why === undefined ? writer.close() : writer.abort(why)),
  };
}

function checkReadable<T>(readable: ReadableStream<T>): ReadableStream<T> {
  return checkHas("receive", "getReader", "a ReadableStream", readable);
}

function byobReader(readable: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return readable.getReader({ mode: "byob" });
  } catch {
    // It is none of bytes, or it is locked, which the other reader tells.
    return undefined;
  }
}

function readFrom<T>(
  reader: { cancel(why?: unknown): Promise<void>; releaseLock(): void },
  read: Required<Foreign<T>>["read"],
): Foreign<T> {
  // As leaving a loop over a ReadableStream: it is cancelled, and no longer locked.
  return {
    name: "the ReadableStream",
    read,
    close: (why) => reader.cancel(why).finally(() => reader.releaseLock()),
  };
}
