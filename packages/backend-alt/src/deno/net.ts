import type { NetBackend, RawTcpSocket } from "@arborio/core/backend";
import { attemptSignal } from "./attempt-signal.ts";
import type { DenoHost } from "./host-types.ts";
import { adoptListener, DenoTcpListener } from "./listener.ts";
import { lookup, reverse } from "./names.ts";
import { osError } from "./os-error.ts";
import { adoptSocket, DenoSocket, formatAddress } from "./socket.ts";

/** The network over `Deno.connect` and `Deno.listen`. */
export function createNet(deno: DenoHost): NetBackend {
  return {
    lacks: new Set(["local-address", "reset", "ipv6-only"]),
    lookup,
    reverse,
    adoptSocket,
    adoptListener,

    async connectTcp({ address, port }, signal): Promise<RawTcpSocket> {
      signal.throwIfAborted();
      const attempt = attemptSignal(signal);
      try {
        const connection = await deno.connect({ hostname: address, port, signal: attempt.signal });
        if (!signal.aborted) return new DenoSocket(connection);
        connection.close();
      } catch (error) {
        if (!signal.aborted)
          throw osError(error, { syscall: "connect", address: formatAddress(address, port) });
      } finally {
        attempt.end();
      }
      throw signal.reason;
    },

    async listenTcp({ address, port, backlog, reusePort = false }) {
      try {
        const where = { hostname: address, port, reusePort };
        return new DenoTcpListener(
          deno.listen(backlog === undefined ? where : { ...where, tcpBacklog: backlog }),
        );
      } catch (error) {
        throw osError(error, { syscall: "listen", address: formatAddress(address, port) });
      }
    },
  };
}
