import { ClosedResourceError } from "@arborio/core";
import type { RawTcpSocket, SocketAddress } from "@arborio/core/backend";
import type { Attributes, ByteStream } from "@arborio/streams";
import { checkBoolean, checkDelay } from "./arguments.ts";
import { socketAttributes } from "./attributes.ts";
import { formatEndpoint } from "./endpoint.ts";
import { SocketStream } from "./socket-stream.ts";

export type { SocketAddress };

/** A TCP connection. It provides all of {@link SocketAttribute}. */
export interface TcpStream extends ByteStream {
  readonly localAddress: SocketAddress;
  readonly remoteAddress: SocketAddress;
  readonly attributes: Attributes;

  /**
   * TCP_NODELAY, on from the start: bytes are sent at once. Off, the system gathers small sends into larger packets (Nagle).
   *
   * @throws ClosedResourceError if it was closed here
   */
  setNoDelay(on: boolean): void;

  /**
   * SO_KEEPALIVE, off from the start: whether the system probes a silent peer, and breaks the connection if none answers.
   *
   * @param delay ms of silence before the first probe, in whole seconds; by default, and on a host that cannot set it, the
   * system's, often two hours
   * @throws ClosedResourceError if it was closed here
   */
  setKeepAlive(on: boolean, delay?: number): void;
}

/** A TCP connection over a backend's. */
export class TcpSocketStream extends SocketStream<RawTcpSocket> implements TcpStream {
  constructor(raw: RawTcpSocket) {
    const { address, port } = raw.remoteAddress;
    super(raw, `the connection with ${address} port ${String(port)}`);
  }

  get localAddress(): SocketAddress {
    return this.raw.localAddress;
  }

  get remoteAddress(): SocketAddress {
    return this.raw.remoteAddress;
  }

  get attributes(): Attributes {
    return socketAttributes(this.raw);
  }

  setNoDelay(on: boolean): void {
    const action = "set TCP_NODELAY";
    checkBoolean(action, "on", on);
    this.checkOpen(action);
    this.raw.setNoDelay(on);
  }

  setKeepAlive(on: boolean, delay: number = 0): void {
    const action = "set SO_KEEPALIVE";
    checkBoolean(action, "on", on);
    checkDelay(action, "delay", delay);
    this.checkOpen(action);
    this.raw.setKeepAlive(on, delay);
  }

  private checkOpen(action: string): void {
    if (!this.isClosed) return;
    const { address, port } = this.remoteAddress;
    throw new ClosedResourceError(
      `Cannot ${action}: the connection with ${formatEndpoint(address, port)} was closed on this side`,
    );
  }

  protected override renewed(): TcpSocketStream {
    return new TcpSocketStream(this.raw);
  }
}
