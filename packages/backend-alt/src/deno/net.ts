import type { NetBackend, RawTcpSocket } from "@arborio/core/backend";
import { attemptSignal } from "./attempt-signal.ts";
import type { DenoHost } from "./host-types.ts";
import { lackingFeatures } from "./lacking-features.ts";
import { adoptListener, DenoTcpListener } from "./listener.ts";
import { lookup, reverse } from "./names.ts";
import { osError } from "./os-error.ts";
import { adoptSocket, DenoSocket, formatAddress, scopeOf } from "./socket.ts";
import { createTls } from "./tls.ts";
import { createUdp } from "./udp.ts";
import { createUnix } from "./unix.ts";

const UNSTABLE_NET = "run Deno with --unstable-net";

/** The network over `Deno.connect`, `Deno.listen` and, where it is, `Deno.listenDatagram`. */
export function createNet(deno: DenoHost): NetBackend {
  return {
    lacks: lackingFeatures(deno),
    remedies: { udp: UNSTABLE_NET, "reuse-port": UNSTABLE_NET },
    lookup,
    reverse,
    adoptSocket,
    adoptListener,
    unix: deno.build.os === "windows" ? undefined : createUnix(deno),
    udp: createUdp(deno),
    tls: createTls(deno),

    async connectTcp({ address, port }, signal): Promise<RawTcpSocket> {
      signal.throwIfAborted();
      const attempt = attemptSignal(signal);
      try {
        const connection = await deno.connect({ hostname: address, port, signal: attempt.signal });
        if (!signal.aborted) return new DenoSocket(connection, scopeOf(address));
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
          scopeOf(address),
        );
      } catch (error) {
        throw osError(error, { syscall: "listen", address: formatAddress(address, port) });
      }
    },
  };
}
