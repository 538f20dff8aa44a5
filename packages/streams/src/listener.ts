import type { WaitOptions } from "@arborio/core";
import type { AsyncResource } from "./resource.ts";

/** Where tasks can be started; a task group is one. */
export interface SpawnsTasks {
  spawn(fn: () => Promise<void>, options?: { readonly name?: string }): unknown;
}

/** How a listener serves. */
export interface ServeOptions extends WaitOptions {
  /** Where handlers run; by default in a group of the call's own. */
  readonly group?: SpawnsTasks | undefined;
}

/** What connections come from. */
export interface Listener<S> extends AsyncResource {
  /**
   * The next connection; it is the caller's to close.
   *
   * **Cancellation** A connection that comes for a cancelled call goes to the next; to none, it is closed with the listener.
   *
   * **Throws** ClosedResourceError if the listener was closed here, also meanwhile; BusyResourceError while another task accepts.
   */
  accept(options?: WaitOptions): Promise<S>;

  /**
   * Accepts connections and runs `handler` with each, as a task; closes each whatever happens to its handler.
   *
   * It ends when the listener is closed, and, without `group`, the running handlers have ended: closing it is the graceful
   * way to stop; cancelling is the quick one.
   *
   * **Throws** without `group`, TaskGroupError with what handlers threw (the first failure cancels the others); what `accept`
   * throws otherwise. With `group`, handlers' errors are the group's.
   */
  serve(handler: (stream: S) => unknown, options?: ServeOptions): Promise<void>;
}
