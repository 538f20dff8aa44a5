import type { RawListener, RawListenOptions, RawSocket, SocketAddress } from "@arborio/core/backend";
import { createServer, type AddressInfo, type Server } from "node:net";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";
import { formatAddress, NodeSocket, SOCKET_OPTIONS, socketAddress } from "./socket.ts";

const DEFAULT_BACKLOG = 511;

/** Listens. Node takes connections from the system unasked: `backlog` bounds how many wait here. */
export function listenTcp({ host, port, backlog = DEFAULT_BACKLOG }: RawListenOptions): Promise<RawListener> {
  return new Promise((resolve, reject) => {
    const { allowHalfOpen, noDelay, readableHighWaterMark } = SOCKET_OPTIONS;
    const server = createServer({
      allowHalfOpen,
      noDelay,
      highWaterMark: readableHighWaterMark,
      pauseOnConnect: true,
    });
    const refuse = (error: Error): void => {
      reject(osError(error, { syscall: "listen", address: formatAddress(host, port) }));
    };
    server.once("error", refuse);
    server.listen({ host, port, backlog, exclusive: true }, () => {
      server.off("error", refuse);
      resolve(new NodeListener(server, backlog));
    });
  });
}

interface Accept {
  resolve(socket: RawSocket): void;
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
    server.on("connection", (socket) => this.arrive(new NodeSocket(socket), backlog));
    server.on("error", (error) => this.refuse(osError(error, this.attempt)));
  }

  accept(): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = this.arrived.shift();
      if (this.closed !== undefined) reject(badDescriptor(this.attempt));
      else if (socket !== undefined) resolve(socket);
      else this.accepting = { resolve, reject };
    });
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
