import type { RawListener, RawListenOptions, RawTcpSocket, SocketAddress } from "@arborio/core/backend";
import { createServer, Server, type AddressInfo, type Socket } from "node:net";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";
import { formatAddress, NodeSocket, SOCKET_OPTIONS, socketAddress } from "./socket.ts";

const DEFAULT_BACKLOG = 511;

/**
 * Listens. Node takes connections from the system unasked, and nothing public makes it stop but closing: `backlog` bounds how
 * many wait here, unread. One that comes then is reset. (`maxConnections` would count those that were accepted too.)
 *
 * A process out of descriptors: libuv closes the connection by one it keeps in reserve, and says nothing. Only where that
 * one is gone too there is an error, which rejects the waiting accept.
 */
export function listenTcp({
  address,
  port,
  backlog = DEFAULT_BACKLOG,
  reusePort = false,
  ipv6Only = false,
}: RawListenOptions): Promise<RawListener> {
  return new Promise((resolve, reject) => {
    const { allowHalfOpen, noDelay, readableHighWaterMark } = SOCKET_OPTIONS;
    const server = createServer({
      allowHalfOpen,
      noDelay,
      highWaterMark: readableHighWaterMark,
      pauseOnConnect: true,
    });
    const refuse = (error: Error): void => {
      reject(osError(error, { syscall: "listen", address: formatAddress(address, port) }));
    };
    server.once("error", refuse);
    server.listen({ host: address, port, backlog, reusePort, ipv6Only, exclusive: true }, () => {
      server.off("error", refuse);
      resolve(new NodeListener(server, backlog));
    });
  });
}

/** A server that `node:net` made, that listens, and whose connections nobody else receives. */
export function adoptListener(server: unknown): RawListener {
  if (!(server instanceof Server) || typeof server.address() !== "object" || server.address() === null)
    throw new TypeError("Cannot adopt the listener: it must be a listening TCP server of node:net");
  if (server.listenerCount("connection") > 0)
    throw new TypeError("Cannot adopt the listener: its connections are handled already");
  return new NodeListener(server, DEFAULT_BACKLOG);
}

interface Accept {
  resolve(socket: RawTcpSocket): void;
  reject(error: Error): void;
}

class NodeListener implements RawListener {
  readonly localAddress: SocketAddress;
  private readonly server: Server;
  private readonly attempt: Attempt;
  /** Invariant: while an accept waits this is empty. */
  private readonly arrived: NodeSocket[] = [];
  private accepting: Accept | undefined;
  private closed: Promise<void> | undefined;

  constructor(server: Server, backlog: number) {
    const { address, port } = server.address() as AddressInfo;
    this.localAddress = socketAddress(address, port);
    this.attempt = { syscall: "accept", address: formatAddress(address, port) };
    this.server = server;
    server.on("connection", (socket) => this.arrive(prepared(socket), backlog));
    server.on("error", (error) => this.refuse(osError(error, this.attempt)));
  }

  accept(): Promise<RawTcpSocket> {
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

  private stop(): Promise<void> {
    this.server.close();
    this.refuse(badDescriptor(this.attempt));
    const dropped = this.arrived.splice(0).map((socket) => socket.close({ abort: true }));
    // The server's own "close" waits for every connection it ever made; its descriptor is free after this turn.
    const freed = new Promise((resolve) => setImmediate(resolve));
    return Promise.all([freed, ...dropped]).then(() => undefined);
  }

  private arrive(socket: NodeSocket, backlog: number): void {
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
