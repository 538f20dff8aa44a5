import { BusyResourceError, ClosedResourceError, type WaitOptions } from "@arborio/core";
import type { RawListener, RawTcpSocket, SocketAddress } from "@arborio/core/backend";
import { awaitPromise, settling, trackResource } from "@arborio/core/lowlevel";
import type { Listener, ServeOptions } from "@arborio/streams";
import { KeptOperation } from "@arborio/streams/lowlevel";
import { serve } from "./serve.ts";
import { unlessCancelled } from "./socket-stream.ts";
import { TcpSocketStream, type TcpStream } from "./tcp-stream.ts";

/** A listening TCP socket. */
export interface TcpListener extends Listener<TcpStream> {
  /** Where it listens; `port` is the one the system chose. */
  readonly localAddress: SocketAddress;
}

/** A listener over a backend's. */
export class SocketListener implements TcpListener {
  private readonly raw: RawListener;
  private readonly accepting: KeptOperation<RawTcpSocket> = new KeptOperation();
  private readonly untrack: () => void;
  private closed: Promise<void> | undefined;

  constructor(raw: RawListener) {
    this.raw = raw;
    this.untrack = trackResource(this, `the listener on port ${String(raw.localAddress.port)}`);
  }

  get localAddress(): SocketAddress {
    return this.raw.localAddress;
  }

  accept(options: WaitOptions = {}): Promise<TcpStream> {
    if (this.accepting.busy) {
      return Promise.reject(new BusyResourceError("Cannot accept: another task accepts from the listener"));
    }
    const waitingFor = `a connection to port ${String(this.localAddress.port)}`;
    return this.accepting.wait(
      () => this.raw.accept(),
      (raw) => new TcpSocketStream(raw),
      { signal: options.signal, waitingFor },
    );
  }

  serve(handler: (stream: TcpStream) => unknown, options: ServeOptions = {}): Promise<void> {
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
