import { handled } from "@arborio/core/lowlevel";
import { checkHas } from "../arguments.ts";
import type { ByteReceiveStream, ByteSendStream } from "../byte-streams.ts";
import { ForeignByteStream } from "./foreign-byte-stream.ts";
import { reading, writing } from "./from-web.ts";
import { toReadable, toWritable } from "./to-web.ts";

/** Bytes in, bytes out, as a CompressionStream or a DecompressionStream. */
export type ByteTransform = ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>;

/**
 * The bytes of a stream as they come out of a transform:
 *
 * ```ts fragment
 * const page = receiveThrough(connection, new DecompressionStream("gzip"));
 * ```
 *
 * It owns the stream; its cancelled receives lose no bytes (M6).
 *
 * **Throws** BrokenResourceError, with the transform's error as its cause, for bytes it does not take, or if they end too early.
 */
export function receiveThrough(stream: ByteReceiveStream, transform: ByteTransform): ByteReceiveStream {
  checkTransform(transform);
  const outcome = reading(toReadable(stream).pipeThrough(transform));
  return new ForeignByteStream({
    ...outcome,
    below: stream,
    close: async (why) => {
      if (why) stream.closeForcefully();
      await Promise.all([outcome.close(why), stream[Symbol.asyncDispose]()]);
    },
  });
}

/**
 * Sends bytes through a transform to a stream, which it owns. `close` ends the transform, so that what it holds back is sent as
 * well, and then closes the stream, or, if that goes both ways, ends its sending; cancelled, it closes the stream forcefully.
 */
export function sendThrough(stream: ByteSendStream, transform: ByteTransform): ByteSendStream {
  checkTransform(transform);
  const intake = writing(transform.writable);
  const piped = handled(transform.readable.pipeTo(toWritable(stream)));
  return new ForeignByteStream({
    ...intake,
    below: stream,
    close: async (why) => {
      if (why) stream.closeForcefully();
      await intake.close(why);
      await piped;
    },
  });
}

function checkTransform(transform: Partial<ByteTransform> | null): void {
  checkHas("transform", "getReader", transform?.readable);
  checkHas("transform", "getWriter", transform?.writable);
}
