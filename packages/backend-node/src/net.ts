import type { NetBackend, NetFeature, RawConnectOptions, RawTcpSocket } from "@arborio/core/backend";
import type { NetConnectOpts } from "node:net";
import { connected } from "./connect.ts";
import { adoptListener, listenTcp } from "./listener.ts";
import { lookup, reverse } from "./names.ts";
import { adoptSocket, formatAddress, NodeSocket } from "./socket.ts";
import { udp } from "./udp.ts";
import { unix } from "./unix.ts";

/** The network over `node:net` and `node:dgram`. */
export function createNet(): NetBackend {
  const lacks = new Set<NetFeature>(sharesUdpPorts() ? [] : ["udp-reuse-port"]);
  const parts = { unix: process.platform === "win32" ? undefined : unix, udp };
  return { lacks, lookup, reverse, connectTcp, listenTcp, adoptSocket, adoptListener, ...parts };
}

async function connectTcp(
  { address, port, localAddress, localPort }: RawConnectOptions,
  signal: AbortSignal,
): Promise<RawTcpSocket> {
  const where = { host: address, port, localAddress, localPort } as NetConnectOpts;
  const attempt = { syscall: "connect", address: formatAddress(address, port) };
  return new NodeSocket(await connected(where, attempt, signal));
}

/** Node ^22.12 or >= 23.1: earlier ones ignore the option. */
function sharesUdpPorts(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}
