import type { RawTcpSocket, SocketAddress } from "@arborio/core/backend";
import type { ByteStream } from "@arborio/streams";
import { SocketStream } from "./socket-stream.ts";

export type { SocketAddress };

/** A TCP connection. */
export interface TcpStream extends ByteStream {
  readonly localAddress: SocketAddress;
  readonly remoteAddress: SocketAddress;
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

  protected override renewed(): TcpSocketStream {
    return new TcpSocketStream(this.raw);
  }
}
