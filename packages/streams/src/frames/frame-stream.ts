import type { WaitOptions } from "@arborio/core";
import type { ByteStream } from "../byte-streams.ts";
import type { ObjectStream } from "../object-streams.ts";
import { framed } from "./frame-options.ts";
import { FrameReceiveStream } from "./frame-receive-stream.ts";

/** Frames both ways. */
export class FrameStream extends FrameReceiveStream<ByteStream> implements ObjectStream<Uint8Array> {
  /** As that of a FrameSendStream. */
  send(frame: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.stream.send(framed(frame, this.shape), options);
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.stream.sendEof(options);
  }
}
