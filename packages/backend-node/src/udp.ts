import type {
  OSError,
  RawDatagram,
  RawUdpOptions,
  RawUdpSocket,
  SocketAddress,
  UdpBackend,
} from "@arborio/core/backend";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv4, isIPv6 } from "node:net";
import { badDescriptor, codeOf, osError } from "./os-error.ts";
import { checkNetPermission } from "./permissions.ts";
import { formatAddress, socketAddress } from "./socket.ts";
import { NodeUdpControls } from "./udp-controls.ts";

type Endpoint = Readonly<Pick<SocketAddress, "address" | "port">>;

/** UDP over `node:dgram`. */
export const udp: UdpBackend = { open };

async function open({
  address,
  port,
  remote,
  reusePort = false,
  queueSize,
}: RawUdpOptions): Promise<RawUdpSocket> {
  checkNetPermission({ syscall: "bind", address: formatAddress(address, port) });
  const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", reusePort });
  try {
    await settled(socket, "bind", { address, port }, (done) =>
      socket.bind({ address, port, exclusive: true }, done),
    );
    if (remote !== undefined)
      await settled(socket, "connect", remote, (done) =>
        socket.connect(remote.port, reached(address, remote.address), done),
      );
  } catch (error) {
    socket.close();
    throw error;
  }
  return new NodeUdpSocket(socket, queueSize, remote);
}

/** Waits for what a socket does once, and tells of by an event if it fails. */
function settled(
  socket: Socket,
  syscall: string,
  { address, port }: Endpoint,
  start: (done: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void =>
      reject(osError(error, { syscall, address: formatAddress(address, port) }));
    socket.once("error", refuse);
    start(() => {
      socket.off("error", refuse);
      resolve();
    });
  });
}

/** An IPv4 address as a socket at an IPv6 one reaches it. */
function reached(from: string, to: string): string {
  return isIPv6(from) && isIPv4(to) ? `::ffff:${to}` : to;
}

/** The remote end as the system writes it; undefined if there is none: Deno's imitation of a socket does not connect it, and gives back what it was told. */
function peerOf(socket: Socket): Endpoint | undefined {
  const { address, port } = socket.remoteAddress();
  const [written = address, ...scope] = address.split("%");
  if (written === "0.0.0.0" || written === "::") return undefined;
  // An IPv4 address in IPv6 is written as such by systems, and not so by URL.
  if (!isIPv6(written) || written.includes(".")) return { address, port };
  return { address: [new URL(`http://[${written}]`).hostname.slice(1, -1), ...scope].join("%"), port };
}

interface Receive {
  resolve(datagram: RawDatagram): void;
  reject(error: Error): void;
}

/** An open socket. Node takes datagrams from the system unasked: so many wait here, and one that comes then is dropped. */
class NodeUdpSocket implements RawUdpSocket {
  readonly localAddress: SocketAddress;
  readonly controls: NodeUdpControls;
  dropped = 0;
  private readonly socket: Socket;
  private readonly queueSize: number;
  private readonly remote: Endpoint | undefined;
  /** The remote end as the system writes it, and so the sender of its datagrams. */
  private readonly peer: Endpoint | undefined;
  /** Invariant: while a receive waits this is empty, and there is no failure. */
  private readonly arrived: RawDatagram[] = [];
  private failure: Error | undefined;
  private receiving: Receive | undefined;
  /** Ends what is still being sent: Node forgets it when the socket is closed. */
  private readonly unsent: Set<() => void> = new Set();
  private closing = false;
  private closed: Promise<void> | undefined;

  constructor(socket: Socket, queueSize: number, remote: Endpoint | undefined) {
    const { address, port } = socket.address();
    this.localAddress = socketAddress(address, port);
    this.controls = new NodeUdpControls(socket, (error) => this.fault("setsockopt", error));
    // A live root keeps the process alive (F5); a socket that it left open must not (F3).
    this.socket = socket.unref();
    this.queueSize = queueSize;
    this.remote = remote;
    this.peer = remote && peerOf(socket);
    socket.on("message", (bytes, from) => {
      if (this.isFromPeer(from)) this.arrive(bytes, from);
    });
    socket.on("error", (error) => {
      if (!this.isAnothers(error)) this.fail(this.fault("receive", error));
    });
  }

  receive(): Promise<RawDatagram> {
    return new Promise((resolve, reject) => {
      if (this.closing) return reject(this.fault("receive", undefined));
      const datagram = this.arrived.shift();
      const { failure } = this;
      if (datagram !== undefined) return resolve(datagram);
      this.failure = undefined;
      if (failure !== undefined) reject(failure);
      else this.receiving = { resolve, reject };
    });
  }

  send(bytes: Uint8Array, to?: Endpoint): Promise<void> {
    return this.transmit(bytes, to).catch((error: OSError) => {
      if (!this.isAnothers(error)) throw error;
      // That was told in place of sending.
      return this.transmit(bytes, to);
    });
  }

  private transmit(bytes: Uint8Array, to: Endpoint | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown): void => {
        this.unsent.delete(forget);
        if (error) reject(this.fault("send", error, to));
        else resolve();
      };
      const forget = (): void => done({ code: "ERR_SOCKET_CLOSED" });
      this.unsent.add(forget);
      try {
        if (to === undefined) this.socket.send(bytes, done);
        else this.socket.send(bytes, to.port, reached(this.localAddress.address, to.address), done);
      } catch (error) {
        done(error);
      }
    });
  }

  get handle(): Socket {
    return this.socket;
  }

  close(): Promise<void> {
    return (this.closed ??= this.stop());
  }

  private stop(): Promise<void> {
    this.closing = true;
    this.arrived.length = 0;
    this.fail(this.fault("receive", undefined));
    for (const forget of this.unsent) forget();
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  // The system keeps what strangers sent between bind and connect, and hands it over after connect.
  private isFromPeer({ address, port }: RemoteInfo): boolean {
    return this.peer === undefined || (this.peer.address === address && this.peer.port === port);
  }

  // Bun has the system tell an unconnected socket too that a datagram was refused, and not whose. It concerns no other peer.
  private isAnothers(error: Error): boolean {
    return this.remote === undefined && !this.closing && codeOf(error) === "ECONNREFUSED";
  }

  private arrive(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    const { buffer, byteOffset, byteLength } = bytes;
    const datagram = {
      bytes: new Uint8Array(buffer, byteOffset, byteLength),
      from: socketAddress(address, port),
    };
    const { receiving } = this;
    this.receiving = undefined;
    if (receiving !== undefined) receiving.resolve(datagram);
    else if (this.arrived.length < this.queueSize) this.arrived.push(datagram);
    else this.dropped++;
  }

  private fail(error: Error): void {
    const { receiving } = this;
    this.receiving = undefined;
    if (receiving !== undefined) receiving.reject(error);
    else this.failure = error;
  }

  private fault(syscall: string, error: unknown, to: Endpoint = this.remote ?? this.localAddress): OSError {
    const attempt = { syscall, address: formatAddress(to.address, to.port) };
    return this.closing ? badDescriptor(attempt) : osError(error, attempt);
  }
}
