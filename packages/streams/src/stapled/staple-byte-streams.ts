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
  return new Stapled(sendStream, receiveStream);
}
