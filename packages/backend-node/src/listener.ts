import type {
  RawListener,
  RawListenOptions,
  RawStream,
  RawTcpSocket,
  SocketAddress,
} from "@arborio/core/backend";
import { createServer, Server, type AddressInfo, type ListenOptions, type Socket } from "node:net";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";
import { checkNetPermission } from "./permissions.ts";
import { formatAddress, NodeSocket, SOCKET_OPTIONS, socketAddress } from "./socket.ts";

export const DEFAULT_BACKLOG = 511;

/**
 * Listens. Node takes connections from the system unasked, and nothing public makes it stop but closing: `backlog` bounds how
 * many wait here, unread. One that comes then is reset. (`maxConnections` would count those that were accepted too.)
 *
 * A process out of descriptors: libuv closes the connection by one it keeps in reserve, and says nothing. Only where that
 * one is gone too there is an error, which rejects the waiting accept.
 */
export async function listenTcp({
  address,
  port,
  backlog = DEFAULT_BACKLOG,
  reusePort = false,
  ipv6Only = false,
}: RawListenOptions): Promise<RawListener> {
  const where = { host: address, port, backlog, reusePort, ipv6Only };
  const server = await listening(where, { syscall: "listen", address: formatAddress(address, port) });
  return new NodeTcpListener(server, backlog);
}

/** A server that listens, and whose sockets read nothing unasked. */
export function listening(where: ListenOptions, attempt: Attempt): Promise<Server> {
  return new Promise((resolve, reject) => {
    checkNetPermission(attempt);
    const { allowHalfOpen, noDelay, readableHighWaterMark } = SOCKET_OPTIONS;
    const server = createServer({
      allowHalfOpen,
      noDelay,
      highWaterMark: readableHighWaterMark,
      pauseOnConnect: true,
    });
    const refuse = (error: Error): void => reject(osError(error, attempt));
    server.once("error", refuse);
    server.listen({ ...where, exclusive: true }, () => {
      server.off("error", refuse);
      resolve(server);
    });
  });
}

/** A server that `node:net` made, that listens, and whose connections nobody else receives. */
export function adoptListener(server: unknown): RawListener {
  if (!(server instanceof Server) || typeof server.address() !== "object" || server.address() === null)
    throw new TypeError("Cannot adopt the listener: it must be a listening TCP server of node:net");
  if (server.listenerCount("connection") > 0)
    throw new TypeError("Cannot adopt the listener: its connections are handled already");
  return new NodeTcpListener(server, DEFAULT_BACKLOG);
}

interface Accept<S> {
  resolve(socket: S): void;
  reject(error: Error): void;
}

/** A listening socket, of any kind. */
export class NodeListener<S extends RawStream, A> implements RawListener<S, A> {
  readonly localAddress: A;
  protected readonly server: Server;
  private readonly attempt: Attempt;
  /** Invariant: while an accept waits this is empty. */
  private readonly arrived: S[] = [];
  private accepting: Accept<S> | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    server: Server,
    backlog: number,
    localAddress: A,
    named: Omit<Attempt, "syscall">,
    wrap: (socket: Socket) => S,
  ) {
    this.localAddress = localAddress;
    this.attempt = { ...named, syscall: "accept" };
    // A live root keeps the process alive (F5); a listener that it left open must not (F3).
    this.server = server.unref();
    server.on("connection", (socket) => this.arrive(wrap(socket), backlog));
    server.on("error", (error) => this.refuse(osError(error, this.attempt)));
  }

  accept(): Promise<S> {
    return new Promise((resolve, reject) => {
      const socket = this.arrived.shift();
      if (this.closed !== undefined) reject(badDescriptor(this.attempt));
      else if (socket !== undefined) resolve(socket);
      else this.accepting = { resolve, reject };
    });
  }

  get handle(): Server {
    return this.server;
  }

  close(): Promise<void> {
    return (this.closed ??= this.stop());
  }

  protected release(): void {
    this.server.close();
  }

  private stop(): Promise<void> {
    this.release();
    this.refuse(badDescriptor(this.attempt));
    const dropped = this.arrived.splice(0).map((socket) => socket.close({ abort: true }));
    // The server's own "close" waits for every connection it ever made; its descriptor is free after this turn.
    const freed = new Promise((resolve) => setImmediate(resolve));
    return Promise.all([freed, ...dropped]).then(() => undefined);
  }

  private arrive(socket: S, backlog: number): void {
    const { accepting } = this;
    this.accepting = undefined;
    if (accepting !== undefined) accepting.resolve(socket);
    else if (this.closed !== undefined || this.arrived.length >= backlog) void socket.close({ abort: true });
    else this.arrived.push(socket);
  }

  private refuse(error: Error): void {
    const { accepting } = this;
    this.accepting = undefined;
    accepting?.reject(error);
  }
}

/** As the options of a server of ours have made it already: one that was adopted has its own. */
function prepared(socket: Socket): NodeSocket {
  socket.pause();
  socket.allowHalfOpen = true;
  return new NodeSocket(socket.setNoDelay(true));
}

class NodeTcpListener extends NodeListener<RawTcpSocket, SocketAddress> {
  constructor(server: Server, backlog: number) {
    const { address, port } = server.address() as AddressInfo;
    const named = { address: formatAddress(address, port) };
    super(server, backlog, socketAddress(address, port), named, prepared);
  }
}
