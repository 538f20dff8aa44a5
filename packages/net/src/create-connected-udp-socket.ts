import { settling } from "@arborio/core/lowlevel";
import { checkPort } from "./arguments.ts";
import { ConnectedSocket, type ConnectedUdpSocket } from "./connected-udp-socket.ts";
import { toAsciiHost } from "./host-name.ts";
import { ACTION, checkUdpOptions, localAddress, openUdp, requireUdp, type UdpOptions } from "./open-udp.ts";
import { resolveOne, type Endpoint } from "./resolve-one.ts";

/** How a connected UDP socket is opened. */
export interface ConnectedUdpSocketOptions extends UdpOptions {
  /** A name or a numeric address of this machine to be at; by default the system chooses by the way to the remote end. */
  readonly localHost?: string | undefined;
  /** By default 0: the system chooses a free one, see `localAddress`. */
  readonly localPort?: number | undefined;
}

/**
 * Opens a UDP socket for one peer alone. Nothing is sent by that: that nobody is there shows later, if at all. It is the
 * caller's to close, and its port is free when `close` has returned.
 *
 * **Cancellation** A socket that is open too late is closed.
 *
 * **Throws** as createUdpSocket.
 *
 * @param remoteHost a name or a numeric address; of a name's, the first of `family` is taken
 */
export function createConnectedUdpSocket(
  remoteHost: string,
  remotePort: number,
  options: ConnectedUdpSocketOptions = {},
): Promise<ConnectedUdpSocket> {
  const { localHost, localPort = 0 } = options;
  const remote = { address: toAsciiHost(ACTION, remoteHost), port: checkPort(ACTION, remotePort, 1) };
  const near = localHost === undefined ? undefined : toAsciiHost(ACTION, localHost, "localHost");
  const rest = { port: checkPort(ACTION, localPort, 0), ...checkUdpOptions(options) };
  return settling(open(remote, near, options, rest), (socket) => socket);
}

async function open(
  { address: host, port }: Endpoint,
  localHost: string | undefined,
  options: ConnectedUdpSocketOptions,
  rest: ReturnType<typeof checkUdpOptions> & { readonly port: number },
): Promise<ConnectedUdpSocket> {
  requireUdp(options);
  const remote = { ...(await resolveOne(ACTION, host, options.family, options)), port };
  const address = await localAddress(localHost, remote.family, options);
  return openUdp({ address, ...rest, remote }, (raw) => new ConnectedSocket(raw, remote), options);
}
