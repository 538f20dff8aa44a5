import type { WaitOptions } from "@arborio/core";
import { settling } from "@arborio/core/lowlevel";
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

/** Connects to what is below, and makes a {@link BufferedByteStream} of it. */
export class BufferedConnectable implements Connectable<BufferedByteStream> {
  readonly #below: ByteStreamConnectable;

  constructor(below: ByteStreamConnectable) {
    this.#below = checkConnectable(below);
  }

  connect(options?: WaitOptions): Promise<BufferedByteStream> {
    return settling(this.#below.connect(options), (stream) => new BufferedByteStream(stream));
  }
}

/** Connects to what is below, and makes a {@link TextStream} of it. */
export class TextConnectable implements Connectable<TextStream> {
  readonly #below: ByteStreamConnectable;
  readonly #options: TextOptions | undefined;

  constructor(below: ByteStreamConnectable, options?: TextOptions) {
    this.#below = checkConnectable(below);
    this.#options = options;
    // An unknown encoding is told here, before there is a connection.
    void new TextDecoder(options?.encoding);
  }

  connect(options?: WaitOptions): Promise<TextStream> {
    return settling(this.#below.connect(options), (stream) => new TextStream(stream, this.#options));
  }
}

function checkConnectable(below: ByteStreamConnectable): ByteStreamConnectable {
  return checkHas("connect", "connect", "a connectable", below);
}
