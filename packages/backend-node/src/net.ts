import type { NetBackend, RawConnectOptions, RawTcpSocket } from "@arborio/core/backend";
import type { NetConnectOpts } from "node:net";
import { connected } from "./connect.ts";
import { lackingFeatures } from "./lacking-features.ts";
import { adoptListener, listenTcp } from "./listener.ts";
import { lookup, reverse } from "./names.ts";
import { adoptSocket, formatAddress, NodeSocket } from "./socket.ts";
import { createTls } from "./tls.ts";
import { udp } from "./udp.ts";
import { unix } from "./unix.ts";

/** The network over `node:net` and `node:dgram`. */
export function createNet(): NetBackend {
  return {
    lacks: lackingFeatures(process.versions.node, process.platform),
    lookup,
    reverse,
    connectTcp,
    listenTcp,
    adoptSocket,
    adoptListener,
    unix: process.platform === "win32" ? undefined : unix,
    udp,
    tls: createTls(),
  };
}

async function connectTcp(
  { address, port, localAddress, localPort }: RawConnectOptions,
  signal: AbortSignal,
): Promise<RawTcpSocket> {
  // The address is numeric: no name to try the addresses of.
  const where = { host: address, port, localAddress, localPort, autoSelectFamily: false } as NetConnectOpts;
  const attempt = { syscall: "connect", address: formatAddress(address, port) };
  return new NodeSocket(await connected(where, attempt, signal));
}
