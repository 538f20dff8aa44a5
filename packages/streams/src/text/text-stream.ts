import type { WaitOptions } from "@arborio/core";
import type { ByteStream } from "../byte-streams.ts";
import type { ObjectStream } from "../object-streams.ts";
import { TextReceiveStream } from "./text-receive-stream.ts";
import { encode } from "./text-send-stream.ts";

/** Text both ways; whatever encoding it receives, it sends UTF-8. */
export class TextStream extends TextReceiveStream<ByteStream> implements ObjectStream<string> {
  /** As that of a TextSendStream. */
  send(text: string, options?: WaitOptions): Promise<void> {
    return this.stream.send(encode(text), options);
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.stream.sendEof(options);
  }
}
