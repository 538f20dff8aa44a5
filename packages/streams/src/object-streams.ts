import type { WaitOptions } from "@arborio/core";
import type { AsyncResource } from "./resource.ts";

/** Objects that come in. As an async iterable it gives them until the end; leaving the loop does not close it. */
export interface ObjectReceiveStream<T> extends AsyncResource, AsyncIterable<T> {
  /**
   * The next object.
   *
   * **Cancellation** An object is received or not: one handed over is delivered, and the cancellation seen at the next
   * checkpoint (C5).
   *
   * **Throws** EndOfStream when the other side has ended it and nothing is left; ClosedResourceError if it was closed here,
   * also meanwhile; BrokenResourceError if it broke.
   */
  receive(options?: WaitOptions): Promise<T>;
}

/** Objects that go out. */
export interface ObjectSendStream<T> extends AsyncResource {
  /**
   * Sends one object; returns when it has been taken.
   *
   * **Cancellation** An object is sent or not, never half (M7).
   *
   * **Throws** ClosedResourceError if it was closed here; BrokenResourceError if the other side is gone.
   */
  send(item: T, options?: WaitOptions): Promise<void>;
}

/** Objects both ways. */
export interface ObjectStream<T> extends ObjectReceiveStream<T>, ObjectSendStream<T> {
  /** Half-close: tells the other side that no more will come; receiving goes on. Idempotent. */
  sendEof(options?: WaitOptions): Promise<void>;
}
