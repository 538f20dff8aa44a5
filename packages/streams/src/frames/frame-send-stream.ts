import type { WaitOptions } from "@arborio/core";
import type { ByteSendStream } from "../byte-streams.ts";
import { Layer } from "../layer.ts";
import type { ObjectSendStream } from "../object-streams.ts";
import { framed, shapeOf, type FrameOptions, type FrameShape } from "./frame-options.ts";

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
    return this.stream.send(framed(frame, this.#shape), options);
  }
}
