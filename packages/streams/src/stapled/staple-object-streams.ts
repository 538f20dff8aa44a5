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
  return new StapledObjects<S, R, Sender, Receiver>(sendStream, receiveStream);
}

class StapledObjects<S, R, Sender extends ObjectSendStream<S>, Receiver extends ObjectReceiveStream<R>>
  extends Stapled<Sender, Receiver>
  implements StapledObjectStream<S, R, Sender, Receiver>
{
  send(item: S, options?: WaitOptions): Promise<void> {
    return this.sendStream.send(item, options);
  }

  receive(options?: WaitOptions): Promise<R> {
    return this.receiveStream.receive(options);
  }

  [Symbol.asyncIterator](): AsyncIterator<R> {
    return this.receiveStream[Symbol.asyncIterator]();
  }
}
