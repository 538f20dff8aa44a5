import type { NetBackend, RawSocket } from "@arborio/core/backend";
import type { DenoHost } from "./host-types.ts";
import { DenoTcpListener } from "./listener.ts";
import { osError } from "./os-error.ts";
import { DenoSocket, formatAddress } from "./socket.ts";

/** TCP over `Deno.connect` and `Deno.listen`. */
export function createNet(deno: DenoHost): NetBackend {
  return {
    async connectTcp({ host, port }, signal): Promise<RawSocket> {
      signal.throwIfAborted();
      try {
        return new DenoSocket(await deno.connect({ hostname: host, port, signal }));
      } catch (error) {
        signal.throwIfAborted();
        throw osError(error, { syscall: "connect", address: formatAddress(host, port) });
      }
    },

    async listenTcp({ host, port, backlog }) {
      try {
        const options = { hostname: host, port, ...(backlog === undefined ? {} : { tcpBacklog: backlog }) };
        return new DenoTcpListener(deno.listen(options));
      } catch (error) {
        throw osError(error, { syscall: "listen", address: formatAddress(host, port) });
      }
    },
  };
}
