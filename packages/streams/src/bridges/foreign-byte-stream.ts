import type { WaitOptions } from "@arborio/core";
import { checkHostBytes } from "@arborio/core/lowlevel";
import { checkCount } from "../arguments.ts";
import type { ByteReceiveStream, ByteSendStream } from "../byte-streams.ts";
import { ownMemory } from "./own-memory.ts";
import { ForeignStream, type Came } from "./foreign-stream.ts";

/** Bytes from or to a stream of another kind, or both: as that reads and writes. */
export class ForeignByteStream
  extends ForeignStream<Uint8Array>
  implements ByteReceiveStream, ByteSendStream
{
  receive(maxBytes: number = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    checkCount("receive", "maxBytes", maxBytes);
    return this.read((bytes) => this.#part(bytes, maxBytes), options, maxBytes);
  }

  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.write(checkHostBytes("send", bytes), options);
  }

  /** @internal */
  protected override async next(maxBytes: number): Promise<Came<Uint8Array>> {
    for (;;) {
      const came = await super.next(maxBytes);
      if (came.done === true) return came;
      const value = ownMemory(checkHostBytes("receive", came.value!));
      // Bytes are never empty (M4).
      if (value.length > 0) return { value };
    }
  }

  #part(bytes: Uint8Array, maxBytes: number): Uint8Array {
    if (bytes.length <= maxBytes) return bytes;
    this.keep(bytes.subarray(maxBytes));
    return bytes.slice(0, maxBytes);
  }
}
