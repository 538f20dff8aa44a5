import { BrokenResourceError, type WaitOptions } from "@arborio/core";
import { incomplete } from "../buffered/buffered-byte-receive-stream.ts";
import { ByteQueue } from "../buffered/byte-queue.ts";
import type { ByteReceiveStream } from "../byte-streams.ts";
import { receiveAll } from "../iteration.ts";
import { ReceiveLayer } from "../layer.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";
import { shapeOf, type FrameOptions, type FrameShape } from "./frame-options.ts";

/**
 * Frames that come in, each whole; one may be empty. One task may receive at a time; a cancelled call loses nothing (M6).
 *
 * **Throws** EndOfStream if the stream ends between two frames, IncompleteRead if within one; BrokenResourceError for a frame
 * longer than there may be, again and again.
 */
export class FrameReceiveStream<S extends ByteReceiveStream = ByteReceiveStream>
  extends ReceiveLayer<S>
  implements ObjectReceiveStream<Uint8Array>
{
  /** @internal */
  protected readonly shape: FrameShape;
  readonly #queue = new ByteQueue();

  constructor(stream: S, options?: FrameOptions) {
    super(stream);
    this.shape = shapeOf(options);
  }

  receive(options?: WaitOptions): Promise<Uint8Array> {
    return this.find((end) => this.#look(end), options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.receive());
  }

  /** @internal */
  protected absorb(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  #look(end: unknown): Uint8Array | undefined {
    const { lengthBytes, maxBytes } = this.shape;
    const { view } = this.#queue;
    if (view.length >= lengthBytes) {
      const length = view.subarray(0, lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
      if (length > maxBytes)
        throw new BrokenResourceError(
          `Cannot receive: the frame may have ${String(maxBytes)} bytes, received ${String(length)}`,
        );
      if (view.length >= lengthBytes + length) {
        this.#queue.take(lengthBytes);
        return this.#queue.take(length);
      }
    }
    if (end !== undefined) throw view.length > 0 ? incomplete("receive", "the whole frame", end) : end;
    return undefined;
  }
}
