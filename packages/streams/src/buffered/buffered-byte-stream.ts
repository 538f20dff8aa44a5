import type { WaitOptions } from "@arborio/core";
import type { ByteStream } from "../byte-streams.ts";
import { BufferedByteReceiveStream } from "./buffered-byte-receive-stream.ts";

/** Bytes both ways, those that come in to be had by count or up to a delimiter; what is sent goes straight on. */
export class BufferedByteStream extends BufferedByteReceiveStream<ByteStream> implements ByteStream {
  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.stream.send(bytes, options);
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.stream.sendEof(options);
  }
}
