import type { WaitOptions } from "@arborio/core";
import { markOrigin } from "@arborio/core/lowlevel";
import type { ByteReceiveStream } from "../byte-streams.ts";
import { brokenError } from "../errors.ts";
import { ReceiveLayer } from "../layer.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";
import { shapeOf, tooLong, type FrameOptions, type FrameShape } from "./frame-options.ts";

/**
 * Frames that come in, each whole; one may be empty. One task may receive at a time; a cancelled call loses nothing (M6).
 *
 * **Throws** EndOfStream if the stream ends between two frames, IncompleteRead if within one; BrokenResourceError for a frame
 * longer than there may be, again and again.
 */
export class FrameReceiveStream<S extends ByteReceiveStream = ByteReceiveStream>
  extends ReceiveLayer<S, Uint8Array>
  implements ObjectReceiveStream<Uint8Array>
{
  /** @internal */
  protected readonly shape: FrameShape;

  constructor(stream: S, options?: FrameOptions) {
    super(stream);
    this.shape = shapeOf(options);
  }

  receive(options?: WaitOptions): Promise<Uint8Array> {
    return this.find((end) => this.#look(end), options, "the frame was whole");
  }

  #look(end: Error | undefined): Uint8Array | undefined {
    const [lengthBytes, maxBytes] = this.shape;
    const { view } = this.queue;
    if (end && view.length === 0) throw end;
    if (view.length < lengthBytes) return undefined;
    const length = view.subarray(0, lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
    if (length > maxBytes) throw markOrigin(brokenError("receive", tooLong(length, maxBytes)), this);
    if (view.length < lengthBytes + length) return undefined;
    this.queue.keep(lengthBytes);
    return this.queue.take(length);
  }
}
