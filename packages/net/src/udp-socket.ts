import type { WaitOptions } from "@arborio/core";
import type { RawDatagram, RawUdpSocket, SocketAddress } from "@arborio/core/backend";
import { checkHostBytes, settling, show } from "@arborio/core/lowlevel";
import type { UnreliableObjectReceiveStream, UnreliableObjectSendStream } from "@arborio/streams";
import { checkPort } from "./arguments.ts";
import { DatagramSocket, type UdpResource } from "./datagram-socket.ts";
import { familyOf, toAsciiHost } from "./host-name.ts";
import { resolveOne, type Endpoint } from "./resolve-one.ts";

/** A datagram that came. */
export interface ReceivedDatagram {
  readonly bytes: Uint8Array;
  readonly from: SocketAddress;
}

/** A datagram to send: back to where one came from, say. */
export interface AddressedDatagram {
  readonly bytes: Uint8Array;
  readonly to: Endpoint;
}

/**
 * A UDP socket, for any peers. As an async iterable it gives datagrams without end.
 *
 * **Throws** OSError of one datagram, as `EMSGSIZE` for one that is too long: the socket goes on. ClosedResourceError if it was
 * closed here, also meanwhile; BusyResourceError while another task receives (sends may overlap).
 */
export interface UdpSocket
  extends
    UdpResource,
    UnreliableObjectReceiveStream<ReceivedDatagram>,
    UnreliableObjectSendStream<AddressedDatagram> {
  /** Sends one datagram; a name is resolved each time. Cancelled and thrown as by `send`. */
  sendTo(bytes: Uint8Array, host: string, port: number, options?: WaitOptions): Promise<void>;
}

/** A UDP socket over a backend's. */
export class UnconnectedSocket extends DatagramSocket<ReceivedDatagram> implements UdpSocket {
  constructor(raw: RawUdpSocket) {
    super(raw, received);
  }

  send(datagram: AddressedDatagram, options?: WaitOptions): Promise<void> {
    const { bytes, to } = Object(datagram) as Partial<AddressedDatagram>;
    if (bytes === undefined || to === undefined)
      throw new TypeError(`Cannot send: it takes { bytes, to }, received ${show(datagram)}`);
    return this.sendTo(bytes, to.address, to.port, options);
  }

  sendTo(given: Uint8Array, host: string, port: number, options: WaitOptions = {}): Promise<void> {
    const bytes = checkHostBytes("send", given);
    const name = toAsciiHost("send", host);
    checkPort("send", port, 1);
    if (familyOf(name) !== undefined) return this.transmit(bytes, { address: host, port }, options);
    return settling(this.resolveAndSend(bytes, name, port, options), () => {});
  }

  private async resolveAndSend(
    bytes: Uint8Array,
    host: string,
    port: number,
    options: WaitOptions,
  ): Promise<void> {
    const { address } = await resolveOne("send", host, this.localAddress.family, options);
    await this.transmit(bytes, { address, port }, options);
  }
}

function received({ bytes, from }: RawDatagram): ReceivedDatagram {
  return { bytes, from };
}
