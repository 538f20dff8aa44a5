import type { WaitOptions } from "@arborio/core";
import type { AsyncResource } from "./resource.ts";

/** Bytes that come in. As an async iterable it gives chunks until the end; leaving the loop does not close it. */
export interface ByteReceiveStream extends AsyncResource, AsyncIterable<Uint8Array> {
  /**
   * The next bytes: as soon as there is one, 1 to `maxBytes` of them (65,536 if not said), in memory that is the caller's.
   * How they were sent, in which pieces, is not kept.
   *
   * **Cancellation** No bytes are lost: what arrives for a cancelled call goes to the next (M6).
   *
   * **Throws** EndOfStream when the other side has ended it, again and again; ClosedResourceError if it was closed here,
   * also meanwhile; BrokenResourceError, with the cause, if the connection broke; BusyResourceError while another task
   * receives (M4). RangeError for a `maxBytes` below 1, at once.
   */
  receive(maxBytes?: number, options?: WaitOptions): Promise<Uint8Array>;
}

/** Bytes that go out. */
export interface ByteSendStream extends AsyncResource {
  /**
   * Sends all of the bytes; returns when they have been taken and more would be (backpressure). They must not change meanwhile.
   *
   * **Cancellation** It may have sent a part. So nobody can go on: later sends throw BrokenResourceError (M7).
   *
   * **Throws** ClosedResourceError if it was closed here; BrokenResourceError, with the cause, if the other side is gone;
   * BusyResourceError while another task sends (M4).
   */
  send(bytes: Uint8Array, options?: WaitOptions): Promise<void>;
}

/** Bytes both ways. One task may receive while another sends. */
export interface ByteStream extends ByteReceiveStream, ByteSendStream {
  /**
   * Half-close: tells the other side that no more will come; receiving goes on. Idempotent; a later `send` throws
   * ClosedResourceError.
   *
   * **Throws** as `send` does.
   */
  sendEof(options?: WaitOptions): Promise<void>;
}
