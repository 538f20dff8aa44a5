import type { WaitOptions } from "@arborio/core";
import type { ByteStream } from "../byte-streams.ts";
import type { ObjectStream } from "../object-streams.ts";
import { FrameReceiveStream } from "./frame-receive-stream.ts";
import { sendFrame } from "./frame-send-stream.ts";

/** Frames both ways. */
export class FrameStream extends FrameReceiveStream<ByteStream> implements ObjectStream<Uint8Array> {
  /** As {@link FrameSendStream.send}. */
  send(frame: Uint8Array, options?: WaitOptions): Promise<void> {
    return sendFrame(this.stream, frame, this.shape, options);
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.stream.sendEof(options);
  }
}
