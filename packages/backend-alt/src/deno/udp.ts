import type {
  OSError,
  RawDatagram,
  RawUdpOptions,
  RawUdpSocket,
  SocketAddress,
  UdpBackend,
} from "@arborio/core/backend";
import type { DenoDatagrams, DenoHost } from "./host-types.ts";
import { badDescriptor, osError } from "./os-error.ts";
import { formatAddress, socketAddress } from "./socket.ts";

type Endpoint = Readonly<Pick<SocketAddress, "address" | "port">>;

// No datagram is longer; Deno cuts what does not fit.
const LONGEST = 65_535;

/** UDP over `Deno.listenDatagram`, which Deno has with `--unstable-net` only. */
export function createUdp(deno: DenoHost): UdpBackend | undefined {
  return deno.listenDatagram === undefined ? undefined : { open: (options) => open(deno, options) };
}

async function open(deno: DenoHost, { address, port, remote }: RawUdpOptions): Promise<RawUdpSocket> {
  try {
    return new DenoUdpSocket(deno.listenDatagram!({ transport: "udp", hostname: address, port }), remote);
  } catch (error) {
    throw osError(error, { syscall: "bind", address: formatAddress(address, port) });
  }
}

/** An open socket. What nobody asked for waits in the system, which drops what comes when it has no more room, and does not say so. */
class DenoUdpSocket implements RawUdpSocket {
  readonly localAddress: SocketAddress;
  readonly dropped: number = 0;
  private readonly socket: DenoDatagrams;
  private readonly remote: Endpoint | undefined;
  private readonly buffer: Uint8Array = new Uint8Array(LONGEST);
  /** What has not ended: until then it holds the port, also of a closed socket. */
  private readonly underWay: Set<Promise<unknown>> = new Set();
  private closed: Promise<void> | undefined;

  constructor(socket: DenoDatagrams, remote: Endpoint | undefined) {
    socket.unref?.();
    this.socket = socket;
    this.localAddress = socketAddress(socket.addr);
    this.remote = remote && { ...remote, address: canonical(remote.address) };
  }

  receive(): Promise<RawDatagram> {
    return this.attempt(this.next());
  }

  send(bytes: Uint8Array, to?: Endpoint): Promise<void> {
    return this.attempt(this.transmit(bytes, to));
  }

  get handle(): DenoDatagrams {
    return this.socket;
  }

  close(): Promise<void> {
    return (this.closed ??= this.stop());
  }

  private async stop(): Promise<void> {
    this.socket.close();
    await Promise.allSettled(this.underWay);
  }

  private attempt<T>(operation: Promise<T>): Promise<T> {
    const over = (): void => void this.underWay.delete(operation);
    this.underWay.add(operation);
    operation.then(over, over);
    return operation;
  }

  private async transmit(bytes: Uint8Array, to: Endpoint = this.remote!): Promise<void> {
    if (this.closed !== undefined) throw this.fault("send", undefined);
    const hostname = reached(this.localAddress, to.address);
    try {
      await this.socket.send(bytes, { transport: "udp", hostname, port: to.port });
    } catch (error) {
      throw this.fault("send", error, to);
    }
  }

  private async next(): Promise<RawDatagram> {
    try {
      for (;;) {
        const [bytes, sender] = await this.socket.receive(this.buffer);
        const from = socketAddress(sender);
        if (this.isFromRemote(from)) return { bytes: bytes.slice(), from };
      }
    } catch (error) {
      throw this.fault("receive", error);
    }
  }

  // Deno connects no UDP socket.
  private isFromRemote({ address, port }: SocketAddress): boolean {
    return this.remote === undefined || (this.remote.address === address && this.remote.port === port);
  }

  private fault(syscall: string, error: unknown, to: Endpoint = this.remote ?? this.localAddress): OSError {
    const attempt = { syscall, address: formatAddress(to.address, to.port) };
    return this.closed === undefined ? osError(error, attempt) : badDescriptor(attempt);
  }
}

/** An IPv4 address as a socket at an IPv6 one reaches it. */
function reached(from: SocketAddress, to: string): string {
  return from.family === "ipv6" && !to.includes(":") ? `::ffff:${to}` : to;
}

/** Systems take an unspecified remote address for this machine, which then answers from its loopback one. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** As Deno writes the address of a sender. */
function canonical(address: string): string {
  const plain = socketAddress({ hostname: address.replace(/%.*$/, ""), port: 0 }).address;
  const written = plain.includes(":") ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain;
  return LOOPBACK[written] ?? written;
}
