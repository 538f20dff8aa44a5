import type { WaitOptions } from "@arborio/core";
import { checkBytes, checkCount } from "../arguments.ts";
import type { ByteReceiveStream, ByteSendStream, ByteStream } from "../byte-streams.ts";
import { receiveAll } from "../iteration.ts";
import { ForeignStream, type Came } from "./foreign-stream.ts";

/** Bytes from a stream of another kind. */
export class ForeignByteReceiveStream extends ForeignStream<Uint8Array> implements ByteReceiveStream {
  receive(maxBytes: number = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    checkCount("receive", "maxBytes", maxBytes);
    return this.read((bytes) => this.#part(bytes, maxBytes), options, maxBytes);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.receive());
  }

  /** @internal */
  protected override async next(maxBytes: number): Promise<Came<Uint8Array>> {
    for (;;) {
      const came = await super.next(maxBytes);
      if (came.done === true) return came;
      // Bytes are never empty (M4).
      if (checkBytes("receive", came.value!).length > 0) return came;
    }
  }

  #part(bytes: Uint8Array, maxBytes: number): Uint8Array {
    if (bytes.length <= maxBytes) return bytes;
    this.keep(bytes.subarray(maxBytes));
    return new Uint8Array(bytes.subarray(0, maxBytes));
  }
}

/** Bytes to a stream of another kind. */
export class ForeignByteSendStream extends ForeignStream<Uint8Array> implements ByteSendStream {
  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.write(checkBytes("send", bytes), options);
  }
}

/** Bytes from and to one of another kind. */
export class ForeignByteStream extends ForeignByteReceiveStream implements ByteStream {
  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.write(checkBytes("send", bytes), options);
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.end(options);
  }
}
