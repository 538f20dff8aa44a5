import type { WaitOptions } from "@arborio/core";
import type { AsyncResource } from "./resource.ts";

/** Where tasks can be started; a task group is one. */
export interface SpawnsTasks {
  /** @param fn is given what holds its task's `signal`, as a handle does */
  spawn(fn: (task?: WaitOptions) => Promise<void>, options?: { readonly name?: string }): unknown;
}

/** What says how many connections may be served at once, together with others: a CapacityLimiter or a Semaphore. */
export interface ServeLimit {
  acquire(options?: WaitOptions): Promise<{ release(): void }>;
}

/** How a listener serves. */
export interface ServeOptions<S> extends WaitOptions {
  /** Where handlers run; by default in a group of the call's own. */
  readonly group?: SpawnsTasks | undefined;

  /**
   * Called with the error of a handler, and its connection, which is still open; the other connections live on. It may wait.
   * An error that it throws ends the group. It never gets a Cancelled. If the cancellation of another task came through a
   * promise that both tasks await, it gets a TaskCancelled (T18). Without `onError`, an error of the connection ends that
   * connection alone, and goes to instruments and debug mode; any other error fails the group (M8). `comesFrom(error, stream)`
   * tells the two apart.
   */
  readonly onError?: ((error: unknown, stream: S, task: WaitOptions) => unknown) | undefined;

  /**
   * How many connections are served at once, at most; while there are so many none is accepted, and those that come wait
   * where the system queues them. A limiter is shared with whatever else takes of it. By default there is no limit.
   */
  readonly limit?: number | ServeLimit | undefined;

  /**
   * Ms that handlers have to end once the listener is closed; then they are cancelled. By default for ever. Not with `group`,
   * whose tasks are not the call's to cancel: there set the deadline of a scope of your own.
   */
  readonly grace?: number | undefined;
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
   * Accepts connections and runs `handler` with each, as a task; closes each whatever happens to its handler. Besides the
   * connection it is given the task, whose `signal` is for waits where there is no ambient context.
   *
   * It ends when the listener is closed, and, without `group`, the running handlers have ended, or `grace` is over: closing
   * the listener is the graceful way to stop; cancelling is the quick one.
   *
   * A system that is out of descriptors or memory is asked again every 100 ms; a connection that failed before it was
   * accepted is passed over.
   *
   * If a handler throws an error of its connection, of a layer over it or of its handshake, that error ends that connection
   * alone, unless `onError` decides otherwise (M8).
   *
   * **Throws** without `group`, TaskGroupError with what else handlers threw (the first failure cancels the others) and what
   * `accept` threw. With `group`, handlers' errors are the group's. ClosedResourceError if the listener was closed before.
   * TypeError and RangeError for bad arguments, at once.
   */
  serve(handler: (stream: S, task: WaitOptions) => unknown, options?: ServeOptions<S>): Promise<void>;
}
