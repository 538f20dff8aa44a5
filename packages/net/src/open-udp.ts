import type { WaitOptions } from "@arborio/core";
import type { AddressFamily, RawUdpOptions, RawUdpSocket } from "@arborio/core/backend";
import { perform } from "@arborio/core/lowlevel";
import { checkCount, checkFamily } from "./arguments.ts";
import { netPart, requireFeature } from "./backend.ts";
import type { UdpResource } from "./datagram-socket.ts";
import { resolveOne } from "./resolve-one.ts";

/** How a UDP socket of either kind is opened. */
export interface UdpOptions extends WaitOptions {
  /** Of the addresses; by default that of the host, else `ipv4`. */
  readonly family?: AddressFamily | undefined;
  /** Whether others that ask for it too may have the same port. */
  readonly reusePort?: boolean | undefined;
  /**
   * How many datagrams may wait to be received, by default 100; one that comes then is dropped, as the system does when it has
   * no more room. Deno leaves them in the system, which counts bytes. (AnyIO drops the oldest of 100.)
   */
  readonly queueSize?: number | undefined;
}

export const ACTION = "open a UDP socket";

/** The options as a backend takes them. */
export function checkUdpOptions({
  family,
  reusePort = false,
  queueSize = 100,
}: UdpOptions): Pick<RawUdpOptions, "reusePort" | "queueSize"> {
  checkFamily(ACTION, family);
  return { reusePort, queueSize: checkCount(ACTION, "queueSize", queueSize) };
}

/** @throws UnsupportedError if the backend cannot do it */
export function requireUdp({ reusePort = false, signal }: UdpOptions): void {
  netPart("udp", ACTION, signal);
  requireFeature("udp-reuse-port", reusePort, ACTION, signal);
}

/** Where this side is to be: at `host`, else at every address of the family. */
export async function localAddress(
  host: string | undefined,
  family: AddressFamily | undefined,
  options: WaitOptions,
): Promise<string> {
  if (host !== undefined) return (await resolveOne(ACTION, host, family, options)).address;
  return family === "ipv6" ? "::" : "0.0.0.0";
}

/** Opens a backend's socket; one that is open too late is closed. */
export function openUdp<S extends UdpResource>(
  where: RawUdpOptions,
  make: (raw: RawUdpSocket) => S,
  { signal }: WaitOptions,
): Promise<S> {
  return perform(() => netPart("udp", ACTION, signal).open(where).then(make), {
    signal,
    waitingFor: `UDP port ${String(where.port)}`,
    discard: (late) => late.closeForcefully(),
  });
}
