import type { WaitOptions } from "@arborio/core";
import { afterWait } from "@arborio/core/lowlevel";
import { checkHas } from "./arguments.ts";
import { BufferedByteStream } from "./buffered/buffered-byte-stream.ts";
import type { ByteStream } from "./byte-streams.ts";
import type { ObjectStream } from "./object-streams.ts";
import type { TextOptions } from "./text/text-receive-stream.ts";
import { TextStream } from "./text/text-stream.ts";

/** What can be connected to: an address, or a layer over another. */
export interface Connectable<S> {
  /**
   * Connects; the stream is the caller's to close.
   *
   * **Cancellation** No connection is left open.
   *
   * **Throws** what says why there is none.
   */
  connect(options?: WaitOptions): Promise<S>;
}

/** What gives bytes both ways. */
export type ByteStreamConnectable = Connectable<ByteStream>;

/** What gives objects both ways. */
export type ObjectStreamConnectable<T> = Connectable<ObjectStream<T>>;

class LayerConnectable<S> implements Connectable<S> {
  readonly #below: ByteStreamConnectable;
  readonly #wrap: (stream: ByteStream) => S;

  constructor(below: ByteStreamConnectable, wrap: (stream: ByteStream) => S) {
    this.#below = checkHas("connect", "connect", below);
    this.#wrap = wrap;
  }

  connect(options?: WaitOptions): Promise<S> {
    return afterWait(this.#below.connect(options), this.#wrap);
  }
}

/** Connects to what is below, and makes a {@link BufferedByteStream} of it. */
export class BufferedConnectable extends LayerConnectable<BufferedByteStream> {
  constructor(below: ByteStreamConnectable) {
    super(below, (stream) => new BufferedByteStream(stream));
  }
}

/** Connects to what is below, and makes a {@link TextStream} of it. */
export class TextConnectable extends LayerConnectable<TextStream> {
  constructor(below: ByteStreamConnectable, options?: TextOptions) {
    super(below, (stream) => new TextStream(stream, options));
  }
}
