import { BusyResourceError, ClosedResourceError, type WaitOptions } from "@arborio/core";
import type { RawDatagram, RawUdpSocket, SocketAddress } from "@arborio/core/backend";
import { awaitPromise, perform, trackResource } from "@arborio/core/lowlevel";
import type { AsyncResource, Attributes } from "@arborio/streams";
import { KeptOperation, receiveAll } from "@arborio/streams/lowlevel";
import { socketAttributes } from "./attributes.ts";
import type { Endpoint } from "./resolve-one.ts";
import { unlessCancelled } from "./socket-stream.ts";
import { udpControls, type UdpControls } from "./udp-controls.ts";

/** What a UDP socket counts. */
export interface UdpStatistics {
  /** Datagrams that came and were dropped because too many waited, as far as the host tells: what the system drops it does not. */
  readonly dropped: number;
}

/** What both kinds of UDP sockets are. */
export interface UdpResource extends AsyncResource {
  /** Where it is; `port` is the one the system chose. */
  readonly localAddress: SocketAddress;
  /** Multicast, broadcast and time to live. */
  readonly controls: UdpControls;
  statistics(): UdpStatistics;
}

/**
 * A socket over a backend's, which gives of a datagram what `hand` makes of it. One task receives at a time; sends may
 * overlap, each is one datagram. An error is of one datagram: the socket goes on.
 */
export class DatagramSocket<T> implements UdpResource {
  readonly controls: UdpControls;
  private readonly raw: RawUdpSocket;
  private readonly hand: (datagram: RawDatagram) => T;
  private readonly remote: SocketAddress | undefined;
  private readonly receiving: KeptOperation<RawDatagram> = new KeptOperation();
  private readonly untrack: () => void;
  private closed: Promise<void> | undefined;

  constructor(raw: RawUdpSocket, hand: (datagram: RawDatagram) => T, remote?: SocketAddress) {
    this.raw = raw;
    this.hand = hand;
    this.remote = remote;
    this.controls = udpControls(raw, () => this.checkOpen("set"));
    this.untrack = trackResource(this, `the UDP socket on port ${String(raw.localAddress.port)}`);
  }

  get localAddress(): SocketAddress {
    return this.raw.localAddress;
  }

  get attributes(): Attributes {
    const { localAddress, handle } = this.raw;
    return socketAttributes({ localAddress, handle, remoteAddress: this.remote });
  }

  statistics(): UdpStatistics {
    return Object.freeze({ dropped: this.raw.dropped });
  }

  receive(options: WaitOptions = {}): Promise<T> {
    if (this.receiving.busy) {
      return Promise.reject(
        new BusyResourceError("Cannot receive: another task receives from the UDP socket"),
      );
    }
    const waitingFor = `a datagram on port ${String(this.localAddress.port)}`;
    return this.receiving.wait(() => this.raw.receive(), this.hand, { signal: options.signal, waitingFor });
  }

  close(options: WaitOptions = {}): Promise<void> {
    return awaitPromise(this.release(), { signal: options.signal, waitingFor: "the UDP socket to close" });
  }

  closeForcefully(): void {
    void this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(unlessCancelled);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return receiveAll(() => this.receive());
  }

  protected transmit(bytes: Uint8Array, to: Endpoint | undefined, options: WaitOptions): Promise<void> {
    return perform(() => this.attempt(bytes, to), {
      signal: options.signal,
      waitingFor: "the system to take a datagram",
    });
  }

  private async attempt(bytes: Uint8Array, to: Endpoint | undefined): Promise<void> {
    this.checkOpen("send");
    try {
      await this.raw.send(bytes, to);
    } catch (error) {
      this.checkOpen("send");
      throw error;
    }
  }

  private checkOpen(action: string): void {
    if (this.closed !== undefined) throw closedError(action);
  }

  private release(): Promise<void> {
    if (this.closed !== undefined) return this.closed;
    this.untrack();
    this.receiving.end(() => closedError("receive"));
    return (this.closed = this.raw.close());
  }
}

function closedError(action: string): Error {
  return new ClosedResourceError(`Cannot ${action}: the UDP socket was closed on this side`);
}
