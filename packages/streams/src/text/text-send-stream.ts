import type { WaitOptions } from "@arborio/core";
import { wrongType } from "@arborio/core/lowlevel";
import type { ByteSendStream } from "../byte-streams.ts";
import { Layer } from "../layer.ts";
import type { ObjectSendStream } from "../object-streams.ts";

/** Text that goes out as UTF-8, the one encoding the platform writes. A lone surrogate becomes U+FFFD. */
export class TextSendStream extends Layer<ByteSendStream> implements ObjectSendStream<string> {
  /** **Cancellation** As the `send` of the stream below: it may have sent a part, and then later sends throw (M7). */
  send(text: string, options?: WaitOptions): Promise<void> {
    return this.stream.send(encode(text), options);
  }
}

export function encode(text: string): Uint8Array {
  if (typeof text === "string") return new TextEncoder().encode(text);
  throw wrongType("send", "it takes a string", text);
}
