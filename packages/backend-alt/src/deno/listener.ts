import { OSError, type RawListener, type RawTcpSocket, type SocketAddress } from "@arborio/core/backend";
import type { DenoListener } from "./host-types.ts";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";
import { DenoSocket, formatAddress, socketAddress } from "./socket.ts";

/** A listener that Deno made. */
export function adoptListener(listener: unknown): RawListener {
  const { addr, accept } = Object(listener) as Partial<DenoListener>;
  if (typeof addr?.port !== "number" || typeof accept !== "function")
    throw new TypeError("Cannot adopt the listener: it must be a Deno.TcpListener");
  return new DenoTcpListener(listener as DenoListener);
}

/** A listening socket. */
export class DenoTcpListener implements RawListener {
  readonly localAddress: SocketAddress;
  private readonly listener: DenoListener;
  private readonly attempt: Attempt;
  private closed = false;

  constructor(listener: DenoListener) {
    this.listener = listener;
    this.localAddress = socketAddress(listener.addr);
    const { address, port } = this.localAddress;
    this.attempt = { syscall: "accept", address: formatAddress(address, port) };
  }

  async accept(): Promise<RawTcpSocket> {
    if (this.closed) throw badDescriptor(this.attempt);
    try {
      return new DenoSocket(await this.listener.accept());
    } catch (error) {
      throw this.closed ? badDescriptor(this.attempt) : this.fault(error);
    }
  }

  /** Deno asks a connection for its peer's address, and one that was reset before it was accepted has none. */
  private fault(error: unknown): OSError {
    const fault = osError(error, this.attempt);
    if (fault.code !== "ENOTCONN") return fault;
    return new OSError({ ...this.attempt, code: "ECONNABORTED", cause: error });
  }

  get handle(): DenoListener {
    return this.listener;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.listener.close();
  }
}
