import type { WaitOptions } from "@arborio/core";
import { type NetBackend, type RawConnectOptions, type RawTcpSocket } from "@arborio/core/backend";
import { capability, perform, settling } from "@arborio/core/lowlevel";
import { checkDelay, checkPort } from "./arguments.ts";
import { requireFeature } from "./backend.ts";
import { formatEndpoint } from "./endpoint.ts";
import { connectError, firstOf, type Attempt } from "./happy-eyeballs.ts";
import { toAsciiHost } from "./host-name.ts";
import { routesFor, type Journey } from "./routes.ts";
import { TcpSocketStream, type TcpStream } from "./tcp-stream.ts";
import { TlsConnectable } from "./tls-connectable.ts";
import { tlsOption, type TlsClientOptions } from "./tls-options.ts";
import type { TlsStream } from "./tls-stream.ts";

/** How to connect by TCP. */
export interface ConnectTcpOptions extends WaitOptions {
  /** A name or numeric address of this machine to connect from; only its families are then tried. By default the system chooses. */
  readonly localHost?: string | undefined;
  /** The port to connect from; by default, and for 0, the system chooses. */
  readonly localPort?: number | undefined;
  /** Ms an attempt has to itself before the next address is tried beside it; by default 250, as RFC 8305 has it. `Infinity`: until it fails. */
  readonly happyEyeballsDelay?: number | undefined;
  /** Speak TLS, by these options or the defaults; `serverName` is by default the host. */
  readonly tls?: true | TlsClientOptions | undefined;
}

/**
 * Connects by TCP; TCP_NODELAY is on. The stream is the caller's to close.
 *
 * The addresses of a name are tried as by RFC 8305 (Happy Eyeballs): families in turn, beginning with that of the first address
 * of the resolver's order; the next address after `happyEyeballsDelay`, or at once when one has failed; the first connection is
 * it, and the other attempts are ended and closed.
 *
 * **Cancellation** All attempts end, and what they opened is closed.
 *
 * **Throws** OSError that names the address: what `getAddressInfo` throws; of a single address, why it failed, as `ECONNREFUSED`;
 * of several, one that all failed, its `cause` an AggregateError with the error of each, in the order in which they were
 * begun, its code that of the first that tells of the host rather than of this machine's network. UnsupportedError where the
 * backend has no network, or cannot choose the local address and one is given. TypeError and RangeError for bad arguments, at once. With `tls`,
 * also as `wrapTls` does.
 *
 * @param host a name or a numeric address
 * @param port 1 to 65535
 */
export function connectTcp(
  host: string,
  port: number,
  options: ConnectTcpOptions & { readonly tls: true | TlsClientOptions },
): Promise<TlsStream>;
export function connectTcp(
  host: string,
  port: number,
  options?: ConnectTcpOptions & { readonly tls?: undefined },
): Promise<TcpStream>;
export function connectTcp(
  host: string,
  port: number,
  options?: ConnectTcpOptions,
): Promise<TcpStream | TlsStream>;
export function connectTcp(
  host: string,
  port: number,
  { tls, ...options }: ConnectTcpOptions = {},
): Promise<TcpStream | TlsStream> {
  const target = checkTarget(host, port, options);
  if (tls === undefined) return connectPlain(target, options);
  const connectable = { connect: (wait: WaitOptions = {}) => connectPlain(target, wait) };
  const client = tlsOption(tls);
  return new TlsConnectable(connectable, { ...client, serverName: client.serverName ?? host }).connect(
    options,
  );
}

function connectPlain(target: Target, options: WaitOptions): Promise<TcpStream> {
  return settling(openSocket(target, options), (raw) => new TcpSocketStream(raw));
}

/** Where to connect, and when to go on to the next address; checked. */
interface Target extends Journey {
  readonly delay: number;
}

/** @throws TypeError, RangeError */
export function checkTarget(host: string, port: number, options: ConnectTcpOptions = {}): Target {
  const { localHost, localPort, happyEyeballsDelay = 250 } = options;
  return {
    host: toAsciiHost("connect", host),
    port: checkPort("connect", port, 1),
    localHost: localHost === undefined ? undefined : toAsciiHost("connect", localHost, "localHost"),
    localPort: localPort === undefined ? undefined : checkPort("connect", localPort, 0, "localPort"),
    delay: checkDelay("connect", "happyEyeballsDelay", happyEyeballsDelay),
  };
}

async function openSocket(target: Target, { signal }: WaitOptions): Promise<RawTcpSocket> {
  const net = capability("net", "connect", signal);
  const local = target.localHost !== undefined || target.localPort !== undefined;
  requireFeature("local-address", local, "connect", signal);
  const [first, ...others] = await routesFor(target, { signal });
  const attempt =
    (route: RawConnectOptions): Attempt<RawTcpSocket> =>
    (options) =>
      tryRoute(net, route, options);
  const attempts = [attempt(first), ...others.map(attempt)] as const;
  const release = (opened: RawTcpSocket): void => void opened.close();
  return firstOf(attempts, { delay: target.delay, release, signal }).catch((error: unknown) => {
    throw connectError(error, formatEndpoint(target.host, target.port));
  });
}

function tryRoute(net: NetBackend, route: RawConnectOptions, { signal }: WaitOptions): Promise<RawTcpSocket> {
  return perform((aborted) => net.connectTcp(route, aborted), {
    signal,
    waitingFor: `a connection to ${formatEndpoint(route.address, route.port)}`,
    discard: (late) => void late.close(),
  });
}
