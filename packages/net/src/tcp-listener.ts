import type { RawListener, RawTcpSocket, SocketAddress } from "@arborio/core/backend";
import type { Attributes, Listener } from "@arborio/streams";
import { socketAttributes } from "./attributes.ts";
import { Multi } from "./multi-listener.ts";
import { SocketListener } from "./socket-listener.ts";
import { TcpSocketStream, type TcpStream } from "./tcp-stream.ts";

/** What listens for TCP connections: one socket, or several on one port. */
export interface TcpListener extends Listener<TcpStream> {
  /** Where it listens; `port` is the one the system chose, the address that of the first of its sockets. */
  readonly localAddress: SocketAddress;
  /** The listener of each socket; its own if it has one. */
  readonly listeners: readonly TcpListener[];
}

/** A listener over a backend's. */
export class TcpSocketListener
  extends SocketListener<TcpStream, RawTcpSocket, SocketAddress>
  implements TcpListener
{
  constructor(raw: RawListener) {
    super(raw, (socket) => new TcpSocketStream(socket), `port ${String(raw.localAddress.port)}`);
  }

  get listeners(): readonly TcpListener[] {
    return [this];
  }

  get attributes(): Attributes {
    return socketAttributes(this.raw);
  }
}

/** Several sockets on one port. */
export class TcpMultiListener extends Multi<TcpStream, TcpListener> implements TcpListener {
  get localAddress(): SocketAddress {
    return this.listeners[0]!.localAddress;
  }
}
