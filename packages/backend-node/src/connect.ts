import { connect, type NetConnectOpts, type Socket } from "node:net";
import { osError, type Attempt } from "./os-error.ts";
import { checkNetPermission } from "./permissions.ts";
import { SOCKET_OPTIONS } from "./socket.ts";

/** Connects a socket of any kind, which reads nothing unasked. */
export function connected(where: NetConnectOpts, attempt: Attempt, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    checkNetPermission(attempt);
    const socket = connect({ ...SOCKET_OPTIONS, ...where });
    // Otherwise it reads a first chunk as soon as it is connected.
    socket.pause();
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(osError(error, attempt));
    });
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      resolve(socket);
    });
  });
}
