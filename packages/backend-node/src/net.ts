import type { NetBackend, RawConnectOptions, RawTcpSocket } from "@arborio/core/backend";
import { connect, type NetConnectOpts } from "node:net";
import { adoptListener, listenTcp } from "./listener.ts";
import { lookup, reverse } from "./names.ts";
import { osError } from "./os-error.ts";
import { adoptSocket, formatAddress, NodeSocket, SOCKET_OPTIONS } from "./socket.ts";
import { createTls } from "./tls.ts";

/** The network over `node:net`. */
export function createNet(): NetBackend {
  return {
    lacks: new Set(),
    lookup,
    reverse,
    connectTcp,
    listenTcp,
    adoptSocket,
    adoptListener,
    tls: createTls(),
  };
}

function connectTcp(
  { address, port, localAddress, localPort }: RawConnectOptions,
  signal: AbortSignal,
): Promise<RawTcpSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const where = { host: address, port, localAddress, localPort };
    const socket = connect({ ...SOCKET_OPTIONS, ...where } as NetConnectOpts);
    // Otherwise it reads a first chunk as soon as it is connected.
    socket.pause();
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(osError(error, { syscall: "connect", address: formatAddress(address, port) }));
    });
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      resolve(new NodeSocket(socket));
    });
  });
}
