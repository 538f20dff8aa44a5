import { isError } from "@arborio/core";
import { OSError, type RawListener, type RawListenOptions } from "@arborio/core/backend";
import { awaitPromise, perform } from "@arborio/core/lowlevel";
import type { ListenAddress } from "./listen-addresses.ts";
import { unlessCancelled } from "./socket-stream.ts";

interface BindOptions {
  readonly port: number;
  readonly backlog: number | undefined;
  readonly reusePort: boolean;
  readonly signal: AbortSignal | undefined;
  readonly open: OpenListener;
}

/** What listens at one address. */
export type OpenListener = (options: RawListenOptions) => Promise<RawListener>;

type Bound = Map<ListenAddress, RawListener>;

const ATTEMPTS = 10;

/**
 * Listens at all the addresses, at one port. If the system chooses it, it does so for the first; where another address has it
 * in use, the next attempt begins with another address. An address of a family that the machine lacks is left out.
 *
 * On failure and on cancellation nothing listens.
 *
 * @param addresses at least one
 */
export async function bindAll(
  addresses: readonly ListenAddress[],
  options: BindOptions,
): Promise<readonly RawListener[]> {
  const collisions: unknown[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = attempt % addresses.length;
    const bound: Bound = new Map();
    try {
      await bindEach([...addresses.slice(first), ...addresses.slice(0, first)], bound, options);
      return addresses.flatMap((where) => bound.get(where) ?? []);
    } catch (error) {
      await closeAll(bound, options.signal);
      if (options.port !== 0 || bound.size === 0 || codeOf(error) !== "EADDRINUSE") throw error;
      collisions.push(error);
    }
  }
  throw noCommonPort(addresses, collisions);
}

async function bindEach(
  addresses: readonly ListenAddress[],
  bound: Bound,
  options: BindOptions,
): Promise<void> {
  let absent: unknown;
  for (const where of addresses) {
    if (where.fallback && bound.size > 0) continue;
    const port = portOf(bound) ?? options.port;
    try {
      bound.set(where, await bindOne(where, { ...options, port }));
    } catch (error) {
      if (!isAbsent(where, error)) throw error;
      absent = error;
    }
  }
  if (bound.size === 0) throw absent;
}

function bindOne(
  { address, ipv6Only }: ListenAddress,
  { port, backlog, reusePort, signal, open }: BindOptions,
): Promise<RawListener> {
  return perform(() => open({ address, port, backlog, reusePort, ipv6Only }), {
    signal,
    waitingFor: `port ${String(port)} to listen`,
    discard: (late) => void late.close(),
  });
}

/** Whether the machine lacks the address's family. Where only the kernel's half of IPv6 is there its addresses are not. */
function isAbsent({ family }: ListenAddress, error: unknown): boolean {
  const code = codeOf(error);
  if (code === "EADDRNOTAVAIL") return family === "ipv6";
  return code === "EAFNOSUPPORT" || code === "EPROTONOSUPPORT";
}

function portOf(bound: Bound): number | undefined {
  for (const { localAddress } of bound.values()) return localAddress.port;
  return undefined;
}

function closeAll(bound: Bound, signal: AbortSignal | undefined): Promise<void> {
  const closing = Promise.all([...bound.values()].map((raw) => raw.close()));
  return awaitPromise(closing, { signal, waitingFor: "the listeners to close" }).then(
    () => {},
    unlessCancelled,
  );
}

function noCommonPort(addresses: readonly ListenAddress[], collisions: readonly unknown[]): OSError {
  return new OSError({
    code: "EADDRINUSE",
    syscall: "listen",
    address: addresses.map(({ address }) => address).join(", "),
    reason: `could not create ${String(addresses.length)} listeners with a consistent port`,
    cause: new AggregateError(collisions, "Cannot listen: every attempt met a port in use"),
  });
}

function codeOf(error: unknown): string | undefined {
  return isError(error, "OSError") ? error.code : undefined;
}
