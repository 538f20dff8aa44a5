import {
  OSError,
  type RawListener,
  type RawStream,
  type RawTcpSocket,
  type SocketAddress,
} from "@arborio/core/backend";
import type { DenoConnection, DenoListener, DenoStreamConnection, DenoStreamListener } from "./host-types.ts";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";
import { DenoSocket, formatAddress, socketAddress } from "./socket.ts";

/** A listener that Deno made. */
export function adoptListener(listener: unknown): RawListener {
  const { addr, accept } = Object(listener) as Partial<DenoListener>;
  if (typeof addr?.port !== "number" || typeof accept !== "function")
    throw new TypeError("Cannot adopt the listener: it must be a Deno.TcpListener");
  return new DenoTcpListener(listener as DenoListener);
}

/** A listening socket, of any kind. */
export class DenoRawListener<S extends RawStream, A, C extends DenoStreamConnection> implements RawListener<
  S,
  A
> {
  readonly localAddress: A;
  protected readonly listener: DenoStreamListener<C>;
  private readonly attempt: Attempt;
  private readonly wrap: (connection: C) => S;
  private accepting: Promise<unknown> | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    listener: DenoStreamListener<C>,
    localAddress: A,
    named: Omit<Attempt, "syscall">,
    wrap: (connection: C) => S,
  ) {
    // A live root keeps the process alive (F5); an accept that it left must not (F3).
    listener.unref?.();
    this.listener = listener;
    this.localAddress = localAddress;
    this.attempt = { ...named, syscall: "accept" };
    this.wrap = wrap;
  }

  accept(): Promise<S> {
    const accepting = this.next();
    this.accepting = accepting;
    return accepting;
  }

  private async next(): Promise<S> {
    if (this.closed !== undefined) throw badDescriptor(this.attempt);
    let connection: C;
    try {
      connection = await this.listener.accept();
    } catch (error) {
      throw this.closed === undefined ? this.fault(error) : badDescriptor(this.attempt);
    }
    return this.taken(connection);
  }

  private taken(connection: C): S {
    try {
      return this.wrap(connection);
    } catch (error) {
      // It was reset meanwhile, and takes no option: some systems say so.
      connection.close();
      throw new OSError({ ...this.attempt, code: "ECONNABORTED", cause: error });
    }
  }

  /** Deno asks a connection for its peer's address, and one that was reset before it was accepted has none. */
  private fault(error: unknown): OSError {
    const fault = osError(error, this.attempt);
    if (fault.code !== "ENOTCONN") return fault;
    return new OSError({ ...this.attempt, code: "ECONNABORTED", cause: error });
  }

  get handle(): unknown {
    return this.listener;
  }

  close(): Promise<void> {
    return (this.closed ??= this.stop());
  }

  private async stop(): Promise<void> {
    this.release();
    // Until it has ended it holds the port.
    await this.accepting?.catch(() => {});
  }

  protected release(): void {
    this.listener.close();
  }
}

/** A listening TCP socket. */
export class DenoTcpListener extends DenoRawListener<RawTcpSocket, SocketAddress, DenoConnection> {
  /** @param scope of its address, if that is link-local: Deno does not tell it */
  constructor(listener: DenoListener, scope?: string) {
    const localAddress = socketAddress(listener.addr, scope);
    const named = { address: formatAddress(localAddress.address, localAddress.port) };
    super(listener, localAddress, named, (connection) => new DenoSocket(connection, scope));
  }
}
