import type { WaitOptions } from "@arborio/core";
import { receiveAll } from "../iteration.ts";
import type { ObjectReceiveStream, ObjectSendStream } from "../object-streams.ts";
import { ForeignStream } from "./foreign-stream.ts";

/** Objects from a stream of another kind. */
export class ForeignObjectReceiveStream<T> extends ForeignStream<T> implements ObjectReceiveStream<T> {
  receive(options?: WaitOptions): Promise<T> {
    return this.read((item) => item, options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiveAll(() => this.receive());
  }
}

/** Objects to a stream of another kind. */
export class ForeignObjectSendStream<T> extends ForeignStream<T> implements ObjectSendStream<T> {
  send(item: T, options?: WaitOptions): Promise<void> {
    return this.write(item, options);
  }
}
