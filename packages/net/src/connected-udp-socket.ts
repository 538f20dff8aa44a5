import type { WaitOptions } from "@arborio/core";
import type { RawUdpSocket, SocketAddress } from "@arborio/core/backend";
import { checkHostBytes } from "@arborio/core/lowlevel";
import type { UnreliableObjectStream } from "@arborio/streams";
import { DatagramSocket, type UdpResource } from "./datagram-socket.ts";

/**
 * A UDP socket for one peer alone: others' datagrams are not received. Thrown as by a UdpSocket; besides, that nobody is there
 * is an OSError `ECONNREFUSED` of a later `receive` or `send`, on hosts that tell (Node does, Deno does not).
 */
export interface ConnectedUdpSocket extends UdpResource, UnreliableObjectStream<Uint8Array> {
  readonly remoteAddress: SocketAddress;
}

/** A connected UDP socket over a backend's. */
export class ConnectedSocket extends DatagramSocket<Uint8Array> implements ConnectedUdpSocket {
  readonly remoteAddress: SocketAddress;

  constructor(raw: RawUdpSocket, remoteAddress: SocketAddress) {
    super(raw, ({ bytes }) => bytes, remoteAddress);
    this.remoteAddress = remoteAddress;
  }

  send(bytes: Uint8Array, options: WaitOptions = {}): Promise<void> {
    return this.transmit(checkHostBytes("send", bytes), undefined, options);
  }
}
