import type { WaitOptions } from "@arborio/core";
import type { AddressFamily } from "@arborio/core/backend";
import { afterWait, capability } from "@arborio/core/lowlevel";
import { checkCount, checkFamily, checkBoolean, checkPort } from "./arguments.ts";
import { requireFeature } from "./backend.ts";
import { toAsciiHost } from "./host-name.ts";
import { addressesToListen } from "./listen-addresses.ts";
import { bindAll, type OpenListener } from "./bind.ts";
import { TcpMultiListener, TcpSocketListener, type TcpListener } from "./tcp-listener.ts";

/** Where a listener listens. */
export interface TcpListenerOptions extends WaitOptions {
  /**
   * A name or a numeric address of this machine, by default `127.0.0.1`: only this machine can connect. With its scope if it
   * is link-local, as `fe80::1%eth0`. A name is listened at at all its addresses, with a socket for each.
   *
   * `null` is every interface: by one socket for IPv6 and IPv4 where the system has such, else by one for each. (That is
   * AnyIO's default; here a program that is to be reached says so.) `0.0.0.0` is every IPv4 interface.
   */
  readonly host?: string | null | undefined;
  /** By default 0: the system chooses a free one, the same for all sockets, see `localAddress`. */
  readonly port?: number | undefined;
  /** Only addresses of this family; by default of both. Of every interface, `ipv6` is it alone, as with `ipv6Only`. */
  readonly family?: AddressFamily | undefined;
  /**
   * How many connections may wait to be accepted; by default the system's choice, which also caps it. (Node accepts unasked:
   * there so many wait in the process, with a descriptor each, and further ones are reset.)
   */
  readonly backlog?: number | undefined;
  /** Other listeners that ask for it too, here or in other processes, share the port: the system deals connections out. */
  readonly reusePort?: boolean | undefined;
  /** A socket at `::` takes no IPv4 connections; so every interface is then one socket for each family. By default it does. */
  readonly ipv6Only?: boolean | undefined;
}

/**
 * Listens for TCP connections. The listener is the caller's to close.
 *
 * A name's IPv6 addresses are left out where the machine has no IPv6, as long as there is another.
 *
 * **Cancellation** What listens by then, or listens too late, is closed.
 *
 * **Throws** OSError, as `EADDRINUSE`, that names the address; also if the system finds no port that is free at all
 * addresses, or no address for the name (`ENOTFOUND`). UnsupportedError where the backend has no network, or not what was
 * asked for. TypeError and RangeError for bad options, at once.
 */
export function createTcpListener(options: TcpListenerOptions = {}): Promise<TcpListener> {
  const { signal } = options;
  return openTcpListener(options, (where) => capability("net", "listen", signal).listenTcp(where));
}

/** {@link createTcpListener} by other means of a backend. */
export function openTcpListener(options: TcpListenerOptions, open: OpenListener): Promise<TcpListener> {
  return afterWait(listen(checkOptions(options), options, open));
}

interface Where {
  readonly host: string | null;
  readonly port: number;
  readonly family: AddressFamily | undefined;
  readonly backlog: number | undefined;
  readonly reusePort: boolean;
  readonly ipv6Only: boolean;
}

async function listen(where: Where, { signal }: WaitOptions, open: OpenListener): Promise<TcpListener> {
  const { backlog, reusePort, port } = where;
  requireFeature("reuse-port", reusePort, "listen", signal);
  requireFeature("ipv6-only", where.ipv6Only, "listen", signal);
  const addresses = await addressesToListen(where, signal);
  const raws = await bindAll(addresses, { port, backlog, reusePort, signal, open });
  const listeners = raws.map((raw) => new TcpSocketListener(raw));
  return listeners.length === 1 ? listeners[0]! : new TcpMultiListener(listeners);
}

function checkOptions({
  host = "127.0.0.1",
  port = 0,
  family,
  backlog,
  reusePort = false,
  ipv6Only = false,
}: TcpListenerOptions): Where {
  return {
    host: host === null ? null : toAsciiHost("listen", host),
    port: checkPort("listen", port, 0),
    family: checkFamily("listen", family),
    backlog: backlog === undefined ? undefined : checkCount("listen", "backlog", backlog),
    reusePort: checkBoolean("listen", "reusePort", reusePort),
    ipv6Only: checkBoolean("listen", "ipv6Only", ipv6Only),
  };
}
