import type { WaitOptions } from "@arborio/core";
import type { AsyncResource } from "./resource.ts";

// As object streams, but for what is lost, doubled or overtaken on its way, as datagrams are: so there is no half-close, and
// nobody can rely on the end being told.

/** Objects that come in, if they come. As an async iterable it gives them until the end. */
export interface UnreliableObjectReceiveStream<T> extends AsyncResource, AsyncIterable<T> {
  /** The next object that came. Cancelled and thrown as by an ObjectReceiveStream. */
  receive(options?: WaitOptions): Promise<T>;
}

/** Objects that go out; that one was taken does not say that it arrives. */
export interface UnreliableObjectSendStream<T> extends AsyncResource {
  /** Sends one object. Cancelled and thrown as by an ObjectSendStream. */
  send(item: T, options?: WaitOptions): Promise<void>;
}

/** Objects both ways. */
export interface UnreliableObjectStream<T>
  extends UnreliableObjectReceiveStream<T>, UnreliableObjectSendStream<T> {}
