import type { WaitOptions } from "@arborio/core";
import type { ObjectReceiveStream, ObjectSendStream } from "../object-streams.ts";
import { Stapled } from "./stapled.ts";

/** An object stream made of two. What one of them can besides, as `sendNowait`, it still can by itself. */
export interface StapledObjectStream<
  S,
  R,
  Sender extends ObjectSendStream<S> = ObjectSendStream<S>,
  Receiver extends ObjectReceiveStream<R> = ObjectReceiveStream<R>,
>
  extends ObjectSendStream<S>, ObjectReceiveStream<R> {
  readonly sendStream: Sender;
  readonly receiveStream: Receiver;
  /** Half-close: tells the other side that no more will come; receiving goes on. Idempotent. */
  sendEof(options?: WaitOptions): Promise<void>;
}

/**
 * One object stream that sends by the one and receives by the other. `sendEof` closes the sending one, `close` both, also if
 * closing one fails.
 */
export function stapleObjectStreams<
  S,
  R,
  Sender extends ObjectSendStream<S>,
  Receiver extends ObjectReceiveStream<R>,
>(
  sendStream: Sender & ObjectSendStream<S>,
  receiveStream: Receiver & ObjectReceiveStream<R>,
): StapledObjectStream<S, R, Sender, Receiver> {
  return new Stapled<S, R, [options?: WaitOptions], Sender, Receiver>(sendStream, receiveStream);
}
