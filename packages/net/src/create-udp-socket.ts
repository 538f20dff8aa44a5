import { settling } from "@arborio/core/lowlevel";
import { checkPort } from "./arguments.ts";
import { toAsciiHost } from "./host-name.ts";
import { ACTION, checkUdpOptions, localAddress, openUdp, requireUdp, type UdpOptions } from "./open-udp.ts";
import { UnconnectedSocket, type UdpSocket } from "./udp-socket.ts";

/** How a UDP socket is opened. */
export interface UdpSocketOptions extends UdpOptions {
  /**
   * A name or a numeric address of this machine to be at; by default all of them, of `family`: datagrams from everywhere are
   * received. At `::` it reaches IPv4 addresses too, and is reached by them.
   */
  readonly host?: string | undefined;
  /** By default 0: the system chooses a free one, see `localAddress`. */
  readonly port?: number | undefined;
}

/**
 * Opens a UDP socket. It is the caller's to close, and its port is free when `close` has returned.
 *
 * **Cancellation** A socket that is open too late is closed.
 *
 * **Throws** OSError, as `EADDRINUSE`, that names the address; UnsupportedError where the backend has no UDP (Deno's has it
 * with `--unstable-net`), or cannot share ports. TypeError and RangeError for bad options, at once.
 */
export function createUdpSocket(options: UdpSocketOptions = {}): Promise<UdpSocket> {
  const { host, port = 0 } = options;
  const name = host === undefined ? undefined : toAsciiHost(ACTION, host);
  const rest = { port: checkPort(ACTION, port, 0), ...checkUdpOptions(options) };
  return settling(open(name, options, rest), (socket) => socket);
}

async function open(
  host: string | undefined,
  options: UdpSocketOptions,
  rest: ReturnType<typeof checkUdpOptions> & { readonly port: number },
): Promise<UdpSocket> {
  requireUdp(options);
  const address = await localAddress(host, options.family, options);
  return openUdp({ address, ...rest }, (raw) => new UnconnectedSocket(raw), options);
}
