import type { NetBackend, RawConnectOptions, RawSocket } from "@arborio/core/backend";
import { connect, type NetConnectOpts } from "node:net";
import { listenTcp } from "./listener.ts";
import { osError } from "./os-error.ts";
import { formatAddress, NodeSocket, SOCKET_OPTIONS } from "./socket.ts";

/** TCP over `node:net`. */
export function createNet(): NetBackend {
  return { connectTcp, listenTcp };
}

function connectTcp({ host, port }: RawConnectOptions, signal: AbortSignal): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ ...SOCKET_OPTIONS, host, port } as NetConnectOpts);
    // Otherwise it reads a first chunk as soon as it is connected.
    socket.pause();
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(osError(error, { syscall: "connect", address: formatAddress(host, port) }));
    });
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      resolve(new NodeSocket(socket));
    });
  });
}
