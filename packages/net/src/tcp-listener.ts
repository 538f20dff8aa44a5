import { BusyResourceError, ClosedResourceError, type WaitOptions } from "@arborio/core";
import type { RawListener, RawStream, SocketAddress, UnixAddress } from "@arborio/core/backend";
import { awaitPromise, settling, trackResource } from "@arborio/core/lowlevel";
import type { AsyncResource, Attributes, Listener, ServeOptions } from "@arborio/streams";
import { KeptOperation } from "@arborio/streams/lowlevel";
import { socketAttributes } from "./attributes.ts";
import { serve } from "./serve.ts";
import { unlessCancelled } from "./socket-stream.ts";
import type { TcpStream } from "./tcp-stream.ts";

/** A listening TCP socket. */
export interface TcpListener extends Listener<TcpStream> {
  /** Where it listens; `port` is the one the system chose. */
  readonly localAddress: SocketAddress;
}

/** A listener over a backend's. */
export class SocketListener<
  S extends AsyncResource,
  R extends RawStream,
  A extends SocketAddress | UnixAddress,
> implements Listener<S> {
  private readonly raw: RawListener<R, A>;
  private readonly where: string;
  private readonly wrap: (raw: R) => S;
  private readonly accepting: KeptOperation<R> = new KeptOperation();
  private readonly untrack: () => void;
  private closed: Promise<void> | undefined;

  /** @param where as `port 80` */
  constructor(raw: RawListener<R, A>, where: string, wrap: (raw: R) => S) {
    this.raw = raw;
    this.where = where;
    this.wrap = wrap;
    this.untrack = trackResource(this, `the listener on ${where}`);
  }

  get localAddress(): A {
    return this.raw.localAddress;
  }

  get attributes(): Attributes {
    return socketAttributes(this.raw);
  }

  accept(options: WaitOptions = {}): Promise<S> {
    if (this.accepting.busy) {
      return Promise.reject(new BusyResourceError("Cannot accept: another task accepts from the listener"));
    }
    return this.accepting.wait(() => this.raw.accept(), this.wrap, {
      signal: options.signal,
      waitingFor: `a connection to ${this.where}`,
    });
  }

  serve(handler: (stream: S) => unknown, options: ServeOptions = {}): Promise<void> {
    if (typeof handler !== "function")
      throw new TypeError(`Cannot serve: it takes a function, received ${typeof handler}`);
    return settling(
      serve(this, () => this.closed !== undefined, handler, options),
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
    this.accepting.end(closedError, (late) => void late.close({ abort: true }));
    return (this.closed = this.raw.close());
  }
}

function closedError(): Error {
  return new ClosedResourceError("Cannot accept: the listener was closed on this side");
}
