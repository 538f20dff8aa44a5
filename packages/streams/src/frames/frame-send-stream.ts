import type { WaitOptions } from "@arborio/core";
import { checkBytes } from "../arguments.ts";
import type { ByteSendStream } from "../byte-streams.ts";
import { Layer } from "../layer.ts";
import type { ObjectSendStream } from "../object-streams.ts";
import { shapeOf, type FrameOptions, type FrameShape } from "./frame-options.ts";

/** Frames that go out. */
export class FrameSendStream extends Layer<ByteSendStream> implements ObjectSendStream<Uint8Array> {
  readonly #shape: FrameShape;

  constructor(stream: ByteSendStream, options?: FrameOptions) {
    super(stream);
    this.#shape = shapeOf(options);
  }

  /**
   * Sends one frame, by one `send` of the stream below.
   *
   * **Cancellation** As there: it may have sent a part, and then later sends throw (M7).
   *
   * **Throws** RangeError for a frame longer than there may be, at once.
   */
  send(frame: Uint8Array, options?: WaitOptions): Promise<void> {
    return sendFrame(this.stream, frame, this.#shape, options);
  }
}

export function sendFrame(
  stream: ByteSendStream,
  frame: Uint8Array,
  { lengthBytes, maxBytes }: FrameShape,
  options?: WaitOptions,
): Promise<void> {
  const { length } = checkBytes("send", frame);
  if (length > maxBytes)
    throw new RangeError(
      `Cannot send: the frame may have ${String(maxBytes)} bytes, received ${String(length)}`,
    );
  const bytes = new Uint8Array(lengthBytes + length);
  for (let at = lengthBytes, rest = length; at-- > 0; rest = Math.floor(rest / 256)) bytes[at] = rest;
  bytes.set(frame, lengthBytes);
  return stream.send(bytes, options);
}
