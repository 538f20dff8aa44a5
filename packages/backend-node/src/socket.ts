import {
  taken,
  type OSError,
  type RawSocket,
  type RawTcpSocket,
  type SocketAddress,
} from "@arborio/core/backend";
import { isIPv6, Socket } from "node:net";
import { FlowingReader } from "./flowing-reader.ts";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";
import { resetBehind } from "./reset-behind.ts";
import { SendFailures } from "./send-failures.ts";

/**
 * For sockets of both sides. With a high-water mark of 0 a socket reads from the system only while it is asked to;
 * writes are awaited one by one, so theirs does not matter.
 */
export const SOCKET_OPTIONS = {
  allowHalfOpen: true,
  noDelay: true,
  readableHighWaterMark: 0,
} as const;

const NOTHING = new Uint8Array(0);

/** The ends of a connection, and what its errors call it. */
export interface Ends<A> {
  readonly localAddress: A;
  readonly remoteAddress: A;
  readonly named: Omit<Attempt, "syscall">;
}

/** A connected socket, of any kind. */
export class NodeStreamSocket<A> implements RawSocket<A> {
  readonly localAddress: A;
  readonly remoteAddress: A;
  protected readonly socket: Socket;
  private readonly named: Omit<Attempt, "syscall">;
  private readonly reader: FlowingReader;
  private readonly failures: SendFailures;
  private readonly gone: Promise<void>;
  private closing = false;

  constructor(socket: Socket, { localAddress, remoteAddress, named }: Ends<A>) {
    // A live root keeps the process alive (F5). A socket that flows, but that nobody reads, must not (F3).
    this.socket = socket.unref();
    this.localAddress = localAddress;
    this.remoteAddress = remoteAddress;
    this.named = named;
    this.failures = new SendFailures(socket);
    // The system tells a reset once: where a send has learned of it, what is read ends as if it were whole.
    this.reader = new FlowingReader(
      socket,
      (error) => this.fault("read", error),
      () => this.failures.first ?? resetBehind(socket),
    );
    this.gone = new Promise((resolve) => socket.once("close", () => resolve()));
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return this.reader.read(maxBytes);
  }

  write(bytes: Uint8Array): Promise<void> {
    // Node destroys a socket that is written to after its end, the reading side with it.
    if (this.socket.writableEnded) return Promise.reject(this.fault("write", { code: "EPIPE" }));
    const { socket, failures } = this;
    if (failures.first !== undefined) return Promise.reject(this.fault("write", failures.first));
    socket.write(bytes);
    if (
      socket.writableLength === 0 &&
      !socket.destroyed &&
      socket.errored === null &&
      failures.first === undefined
    )
      return taken();
    // The system has not taken all. What is written after it says when; a callback at the first write would cost each
    // of those that it takes at once a turn, and an error if the socket is closed in that turn.
    return new Promise((resolve, reject) => {
      socket.write(NOTHING, (error) => {
        // Node 20 reports a write that was cut by `destroy` as done.
        const cut =
          failures.first ?? error ?? (socket.destroyed ? { code: "ERR_STREAM_DESTROYED" } : undefined);
        if (cut === undefined) resolve();
        else reject(this.fault("write", cut));
      });
    });
  }

  shutdown(): Promise<void> {
    if (this.closing) return Promise.reject(this.fault("shutdown", undefined));
    const { socket, failures } = this;
    if (failures.first !== undefined) return Promise.reject(this.fault("shutdown", failures.first));
    if (socket.writableFinished) return Promise.resolve();
    return new Promise((resolve, reject) => {
      socket.end((error?: Error | null) => {
        const cut = failures.first ?? error ?? undefined;
        if (cut === undefined) resolve();
        else reject(this.fault("shutdown", cut));
      });
    });
  }

  get handle(): Socket {
    return this.socket;
  }

  close({ abort = false }: { readonly abort?: boolean } = {}): Promise<void> {
    if (this.closing) return this.gone;
    this.closing = true;
    this.reader.stop(() => this.fault("read", undefined));
    if (abort) this.reset();
    else this.socket.destroy();
    return this.gone;
  }

  protected reset(): void {
    this.socket.destroy();
  }

  private fault(syscall: string, error: unknown): OSError {
    const attempt = { ...this.named, syscall };
    if (this.closing) return badDescriptor(attempt);
    // Why the socket broke, not that the stream was destroyed then.
    return osError(this.socket.errored ?? error, attempt);
  }
}

/** A TCP connection. */
export class NodeSocket extends NodeStreamSocket<SocketAddress> implements RawTcpSocket {
  constructor(socket: Socket) {
    const remoteAddress = socketAddress(socket.remoteAddress, socket.remotePort);
    super(socket, {
      localAddress: socketAddress(socket.localAddress, socket.localPort),
      remoteAddress,
      named: { address: formatAddress(remoteAddress.address, remoteAddress.port) },
    });
  }

  setNoDelay(on: boolean): void {
    this.socket.setNoDelay(on);
  }

  setKeepAlive(on: boolean, delay: number): void {
    this.socket.setKeepAlive(on, delay);
  }

  protected override reset(): void {
    const { socket } = this;
    // The system resets no connection whose end is under way (EINVAL), and Node would leave it open then.
    if (socket.writableEnded && !socket.writableFinished) socket.destroy();
    else socket.resetAndDestroy();
  }
}

/** A socket that `node:net` connected. What it has read stays in it. */
export function adoptSocket(socket: unknown): RawTcpSocket {
  if (!isPlainConnection(socket))
    throw new TypeError(
      "Cannot adopt the socket: it must be a connected TCP socket of node:net, and give bytes",
    );
  socket.pause();
  socket.allowHalfOpen = true;
  return new NodeSocket(socket.setNoDelay(true));
}

/** TLS has no handle to reset; an encoding makes text of what is read. */
function isPlainConnection(socket: unknown): socket is Socket {
  return (
    socket instanceof Socket &&
    !socket.destroyed &&
    socket.remotePort !== undefined &&
    socket.readableEncoding === null &&
    !("encrypted" in socket)
  );
}

/** A numeric address, an IPv4 peer of a dual-stack listener as such; all zeros if the peer had gone before it could be asked for. */
export function socketAddress(given: string = "0.0.0.0", port: number = 0): SocketAddress {
  const address = given.replace(/^::ffff:(?=[\d.]+$)/i, "");
  return { address, port, family: isIPv6(address) ? "ipv6" : "ipv4" };
}

/** As `127.0.0.1:80` or `[::1]:80`. */
export function formatAddress(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
