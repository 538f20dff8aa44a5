import type { RawListener, RawTlsPending, RawTlsStream, SocketAddress } from "@arborio/core/backend";
import type { DenoTlsConnection, DenoTlsHostListener } from "./host-types.ts";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";
import { formatAddress, socketAddress } from "./socket.ts";
import { shake } from "./tls-handshake.ts";

/** A listener whose connections speak TLS. */
export class DenoTlsListener implements RawListener<RawTlsPending> {
  readonly localAddress: SocketAddress;
  private readonly listener: DenoTlsHostListener;
  private readonly attempt: Attempt;
  private closed = false;

  constructor(listener: DenoTlsHostListener) {
    listener.unref?.();
    this.listener = listener;
    this.localAddress = socketAddress(listener.addr);
    const { address, port } = this.localAddress;
    this.attempt = { syscall: "accept", address: formatAddress(address, port) };
  }

  async accept(): Promise<RawTlsPending> {
    if (this.closed) throw badDescriptor(this.attempt);
    try {
      return new DenoTlsPending(await this.listener.accept());
    } catch (error) {
      throw this.closed ? badDescriptor(this.attempt) : osError(error, this.attempt);
    }
  }

  get handle(): DenoTlsHostListener {
    return this.listener;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.listener.close();
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
