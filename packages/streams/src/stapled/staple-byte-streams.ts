import type { WaitOptions } from "@arborio/core";
import type { ByteReceiveStream, ByteSendStream, ByteStream } from "../byte-streams.ts";
import { Stapled } from "./stapled.ts";

/** A byte stream made of two. */
export interface StapledByteStream extends ByteStream {
  readonly sendStream: ByteSendStream;
  readonly receiveStream: ByteReceiveStream;
}

/**
 * One byte stream that sends by the one and receives by the other, as a process's stdin and stdout. `sendEof` closes the
 * sending one, `close` both, also if closing one fails.
 */
export function stapleByteStreams(
  sendStream: ByteSendStream,
  receiveStream: ByteReceiveStream,
): StapledByteStream {
  return new StapledBytes(sendStream, receiveStream);
}

class StapledBytes extends Stapled<ByteSendStream, ByteReceiveStream> implements StapledByteStream {
  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.sendStream.send(bytes, options);
  }

  receive(maxBytes?: number, options?: WaitOptions): Promise<Uint8Array> {
    return this.receiveStream.receive(maxBytes, options);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.receiveStream[Symbol.asyncIterator]();
  }
}
