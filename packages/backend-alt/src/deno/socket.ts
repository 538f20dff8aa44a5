import type { OSError, RawTcpSocket, SocketAddress } from "@arborio/core/backend";
import type { DenoAddress, DenoConnection } from "./host-types.ts";
import { badDescriptor, osError } from "./os-error.ts";

// The memory of a read is taken before the socket says how much there is: little while little comes, so that ten thousand
// idle connections do not hold a chunk each.
const SMALLEST_READ = 1 << 12;
const LARGEST_READ = 1 << 16;

/** A connected socket. */
export class DenoSocket implements RawTcpSocket {
  readonly localAddress: SocketAddress;
  readonly remoteAddress: SocketAddress;
  private readonly connection: DenoConnection;
  private closing = false;
  private shut = false;
  /** Why the connection broke. The system says so once; what is read later would look like a clean end. */
  private broken: unknown;
  private readSize = SMALLEST_READ;

  constructor(connection: DenoConnection) {
    this.connection = connection;
    this.localAddress = socketAddress(connection.localAddr);
    this.remoteAddress = socketAddress(connection.remoteAddr);
    connection.setNoDelay(true);
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return this.attempt("read", async () => {
      const buffer = new Uint8Array(Math.min(maxBytes, this.readSize));
      const length = await this.connection.read(buffer);
      if (length === null && this.broken !== undefined) throw this.broken;
      if (length === null) return null;
      if (length === this.readSize) this.readSize = Math.min(length * 4, LARGEST_READ);
      else if (length <= this.readSize / 4) this.readSize = Math.max(this.readSize / 4, SMALLEST_READ);
      return length === buffer.length ? buffer : buffer.slice(0, length);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.shut) return Promise.reject(this.fault("write", { code: "EPIPE" }));
    return this.attempt("write", async () => {
      for (let sent = 0; sent < bytes.length;) sent += await this.connection.write(bytes.subarray(sent));
    });
  }

  shutdown(): Promise<void> {
    return this.attempt("shutdown", async () => {
      if (!this.shut) await this.connection.closeWrite();
      this.shut = true;
    });
  }

  setNoDelay(on: boolean): void {
    this.connection.setNoDelay(on);
  }

  // Deno sets no delay: the system's.
  setKeepAlive(on: boolean): void {
    this.connection.setKeepAlive(on);
  }

  get handle(): DenoConnection {
    return this.connection;
  }

  // Deno cannot set SO_LINGER: `abort` resets only what the system resets by itself, a socket closed with bytes unread.
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.connection.close();
  }

  private async attempt<T>(syscall: string, act: () => Promise<T>): Promise<T> {
    if (this.closing) throw this.fault(syscall, undefined);
    try {
      return await act();
    } catch (error) {
      this.broken ??= error;
      throw this.fault(syscall, error);
    }
  }

  private fault(syscall: string, error: unknown): OSError {
    const attempt = { syscall, address: formatAddress(this.remoteAddress.address, this.remoteAddress.port) };
    return this.closing ? badDescriptor(attempt) : osError(error, attempt);
  }
}

/** A connection that Deno made. */
export function adoptSocket(connection: unknown): RawTcpSocket {
  const { localAddr, setKeepAlive } = Object(connection) as Partial<DenoConnection>;
  if (localAddr === undefined || typeof setKeepAlive !== "function")
    throw new TypeError("Cannot adopt the socket: it must be a Deno.TcpConn");
  return new DenoSocket(connection as DenoConnection);
}

/** Deno's address in the contract's terms: an IPv4 peer of a dual-stack listener is one. */
export function socketAddress({ hostname: given, port }: DenoAddress): SocketAddress {
  const hostname = given.replace(/^::ffff:(?=[\d.]+$)/, "");
  return { address: hostname, port, family: hostname.includes(":") ? "ipv6" : "ipv4" };
}

/** As `127.0.0.1:80` or `[::1]:80`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
