import type { NetBackend, RawTcpSocket } from "@arborio/core/backend";
import type { DenoHost } from "./host-types.ts";
import { adoptListener, DenoTcpListener } from "./listener.ts";
import { lookup, reverse } from "./names.ts";
import { osError } from "./os-error.ts";
import { adoptSocket, DenoSocket, formatAddress } from "./socket.ts";
import { createTls } from "./tls.ts";

/** The network over `Deno.connect` and `Deno.listen`. */
export function createNet(deno: DenoHost): NetBackend {
  return {
    lacks: new Set(["local-address", "reset", "ipv6-only"]),
    lookup,
    reverse,
    adoptSocket,
    adoptListener,
    tls: createTls(deno),

    async connectTcp({ address, port }, signal): Promise<RawTcpSocket> {
      signal.throwIfAborted();
      try {
        return new DenoSocket(await deno.connect({ hostname: address, port, signal }));
      } catch (error) {
        signal.throwIfAborted();
        throw osError(error, { syscall: "connect", address: formatAddress(address, port) });
      }
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
