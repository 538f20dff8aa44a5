import type { AddressFamily } from "@arborio/core/backend";
import {
  createConnectedUdpSocket,
  createUdpSocket,
  type ConnectedUdpSocket,
  type UdpResource,
  type UdpSocket,
} from "@arborio/net";
import type { Register } from "./suite.ts";

const LOOPBACK: Record<AddressFamily, string> = { ipv4: "127.0.0.1", ipv6: "::1" };

/** A socket for any peers, and one that speaks with it alone. */
export interface UdpPair {
  readonly server: UdpSocket;
  readonly client: ConnectedUdpSocket;
}

/** Registers a test of two sockets, over each family; both are closed after it. */
export function withUdpPair({ run }: Register, title: string, fn: (pair: UdpPair) => Promise<void>): void {
  for (const [family, host] of Object.entries(LOOPBACK)) {
    run(`UDP, ${family}: ${title}`, async () => {
      await using server = await createUdpSocket({ host });
      const { port } = server.localAddress;
      await using client = await createConnectedUdpSocket(host, port, { localHost: host });
      await fn({ server, client });
    });
  }
}

/** One of the two, as the table of their operations sees it. */
export interface UdpSide {
  readonly socket: UdpResource;
  receive(): Promise<Uint8Array>;
  /** Sends to the other. */
  send(bytes: Uint8Array): Promise<void>;
}

/** How the sides of a pair are called. */
export const sides: Record<string, (pair: UdpPair) => readonly [one: UdpSide, other: UdpSide]> = {
  "a UDP socket": (pair) => [serverSide(pair), clientSide(pair)],
  "a connected UDP socket": (pair) => [clientSide(pair), serverSide(pair)],
};

function serverSide({ server, client }: UdpPair): UdpSide {
  return {
    socket: server,
    receive: () => server.receive().then(({ bytes }) => bytes),
    send: (bytes) => server.send({ bytes, to: client.localAddress }),
  };
}

function clientSide({ client }: UdpPair): UdpSide {
  return { socket: client, receive: () => client.receive(), send: (bytes) => client.send(bytes) };
}
