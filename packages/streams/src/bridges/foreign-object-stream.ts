import type { WaitOptions } from "@arborio/core";
import type { ObjectReceiveStream } from "../object-streams.ts";
import { ForeignStream } from "./foreign-stream.ts";

/** Objects from a stream of another kind. */
export class ForeignObjectReceiveStream<T> extends ForeignStream<T> implements ObjectReceiveStream<T> {
  receive(options?: WaitOptions): Promise<T> {
    return this.read((item) => item, options);
  }
}
