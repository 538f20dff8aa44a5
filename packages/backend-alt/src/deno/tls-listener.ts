import type { RawTlsPending, RawTlsStream, SocketAddress } from "@arborio/core/backend";
import type { DenoTlsConnection, DenoTlsHostListener } from "./host-types.ts";
import { DenoRawListener } from "./listener.ts";
import { badDescriptor } from "./os-error.ts";
import { formatAddress, socketAddress } from "./socket.ts";
import { shake } from "./tls-handshake.ts";

/** A listener whose connections speak TLS. */
export class DenoTlsListener extends DenoRawListener<RawTlsPending, SocketAddress, DenoTlsConnection> {
  constructor(listener: DenoTlsHostListener) {
    const localAddress = socketAddress(listener.addr);
    const named = { address: formatAddress(localAddress.address, localAddress.port) };
    super(listener, localAddress, named, (connection) => new DenoTlsPending(connection));
  }
}

/** A connection whose handshake is still to do. Deno would do it at the first read: there is none before. */
class DenoTlsPending implements RawTlsPending {
  readonly localAddress: SocketAddress;
  readonly remoteAddress: SocketAddress;
  private readonly connection: DenoTlsConnection;
  private gone = false;

  constructor(connection: DenoTlsConnection) {
    this.connection = connection;
    this.localAddress = socketAddress(connection.localAddr);
    this.remoteAddress = socketAddress(connection.remoteAddr);
  }

  async handshake(signal: AbortSignal): Promise<RawTlsStream> {
    if (this.gone) throw this.fault("handshake");
    this.gone = true;
    return shake(this.connection, this.remoteAddress, undefined, signal);
  }

  read(): Promise<never> {
    return Promise.reject(this.fault("read"));
  }

  write(): Promise<never> {
    return Promise.reject(this.fault("write"));
  }

  shutdown(): Promise<never> {
    return Promise.reject(this.fault("shutdown"));
  }

  // Deno's TLS connections have neither.
  setNoDelay(): void {}

  setKeepAlive(): void {}

  get handle(): DenoTlsConnection {
    return this.connection;
  }

  async close(): Promise<void> {
    if (this.gone) return;
    this.gone = true;
    this.connection.close();
  }

  private fault(syscall: string): Error {
    const { address, port } = this.remoteAddress;
    return badDescriptor({ syscall, address: formatAddress(address, port) });
  }
}
