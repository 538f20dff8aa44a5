import { BusyResourceError, ClosedResourceError, type WaitOptions } from "@arborio/core";
import type { RawListener, RawStream } from "@arborio/core/backend";
import { awaitPromise, settling, trackResource } from "@arborio/core/lowlevel";
import type { AsyncResource, Listener, ServeOptions } from "@arborio/streams";
import { KeptOperation } from "@arborio/streams/lowlevel";
import { AcceptLoops } from "./accept-loop.ts";
import { checkServing, inServingGroup, type ServeHandler } from "./serve.ts";
import { unlessCancelled } from "./socket-stream.ts";

/** A listener over a backend's, of sockets of any kind. */
export class SocketListener<S extends AsyncResource, R extends RawStream, A> implements Listener<S> {
  protected readonly raw: RawListener<R, A>;
  private readonly wrap: (raw: R) => S;
  private readonly place: string;
  private readonly accepting: KeptOperation<R> = new KeptOperation();
  private readonly loops: AcceptLoops = new AcceptLoops();
  private readonly untrack: () => void;
  private closed: Promise<void> | undefined;

  /** @param place where it listens, in words, as `port 80` */
  constructor(raw: RawListener<R, A>, wrap: (raw: R) => S, place: string) {
    this.raw = raw;
    this.wrap = wrap;
    this.place = place;
    this.untrack = trackResource(this, `the listener on ${place}`);
  }

  get localAddress(): A {
    return this.raw.localAddress;
  }

  accept(options: WaitOptions = {}): Promise<S> {
    if (this.accepting.busy) return Promise.reject(busyError());
    return this.accepting.wait(() => this.raw.accept(), this.wrap, {
      signal: options.signal,
      waitingFor: `a connection to ${this.place}`,
    });
  }

  serve(handler: ServeHandler<S>, options: ServeOptions<S> = {}): Promise<void> {
    const serving = checkServing(handler, options);
    // A listener closed before is a mistake; closed from now on, the way to stop.
    if (this.closed !== undefined) return settling(this.accept(options), () => {});
    const accept = (wait: WaitOptions): Promise<S> => this.accept(wait);
    return settling(
      inServingGroup(serving, (tasks, wait) => this.loops.run(accept, serving, tasks, wait)),
      () => {},
    );
  }

  close(options: WaitOptions = {}): Promise<void> {
    return awaitPromise(this.release(), { signal: options.signal, waitingFor: "the listener to close" });
  }

  closeForcefully(): void {
    void this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(unlessCancelled);
  }

  private release(): Promise<void> {
    if (this.closed !== undefined) return this.closed;
    this.untrack();
    this.loops.stop();
    this.accepting.end(closedError, (late) => void late.close({ abort: true }));
    return (this.closed = this.raw.close());
  }
}

export function busyError(): Error {
  return new BusyResourceError("Cannot accept: another task accepts from the listener");
}

export function closedError(): Error {
  return new ClosedResourceError("Cannot accept: the listener was closed on this side");
}
