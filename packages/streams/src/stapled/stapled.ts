import type { WaitOptions } from "@arborio/core";
import type { AsyncResource } from "../resource.ts";
import { Several } from "./several.ts";

interface Sends<S> extends AsyncResource {
  send(item: S, options?: WaitOptions): Promise<void>;
}

interface Receives<A extends unknown[], R> extends AsyncResource, AsyncIterable<R> {
  receive(...how: A): Promise<R>;
}

/** Two streams as one, of objects or of bytes: how it receives, `A`, is up to the receiving one. */
export class Stapled<
  S,
  R,
  A extends unknown[],
  Sender extends Sends<S>,
  Receiver extends Receives<A, R>,
> extends Several {
  readonly sendStream: Sender;
  readonly receiveStream: Receiver;

  constructor(sendStream: Sender, receiveStream: Receiver) {
    super([sendStream, receiveStream]);
    this.sendStream = sendStream;
    this.receiveStream = receiveStream;
  }

  send(item: S, options?: WaitOptions): Promise<void> {
    return this.sendStream.send(item, options);
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.sendStream.close(options);
  }

  receive(...how: A): Promise<R> {
    return this.receiveStream.receive(...how);
  }

  [Symbol.asyncIterator](): AsyncIterator<R> {
    return this.receiveStream[Symbol.asyncIterator]();
  }
}
