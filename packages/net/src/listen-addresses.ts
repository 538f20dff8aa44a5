import type { AddressFamily, HostAddress } from "@arborio/core/backend";
import { capability } from "@arborio/core/lowlevel";
import { requireFeature } from "./backend.ts";
import { resolve } from "./resolver.ts";

/** An address to listen at. */
export interface ListenAddress extends HostAddress {
  /** Its socket takes no IPv4 connections. */
  readonly ipv6Only: boolean;
  /** Listened at only if none before it could be. */
  readonly fallback: boolean;
}

interface Asked {
  readonly host: string | null;
  readonly family?: AddressFamily | undefined;
  readonly ipv6Only: boolean;
}

/** Where to listen for what was asked: at least one, none of which takes what is another's. */
export async function addressesToListen(
  { host, family, ipv6Only }: Asked,
  signal: AbortSignal | undefined,
): Promise<readonly ListenAddress[]> {
  if (host === null) return everyInterface(family, ipv6Only, signal);
  const found = distinct(await resolve("listen", host, { family, signal }));
  const { lacks } = capability("net", "listen", signal);
  const alone = ipv6Only || (found.length > 1 && !lacks.has("ipv6-only"));
  return found.map((one) => at(one, alone && one.family === "ipv6"));
}

const EVERY_IPV6: HostAddress = { address: "::", family: "ipv6" };
const EVERY_IPV4: HostAddress = { address: "0.0.0.0", family: "ipv4" };

function everyInterface(
  family: AddressFamily | undefined,
  ipv6Only: boolean,
  signal: AbortSignal | undefined,
): readonly ListenAddress[] {
  if (family === "ipv4") return [at(EVERY_IPV4, false)];
  const dual = !capability("net", "listen", signal).lacks.has("dual-stack");
  if (family === "ipv6") {
    requireFeature("ipv6-only", dual, "listen", signal);
    return [at(EVERY_IPV6, dual)];
  }
  const one = dual && !ipv6Only;
  return [at(EVERY_IPV6, dual && ipv6Only), at(EVERY_IPV4, false, one)];
}

function at({ address, family }: HostAddress, ipv6Only: boolean, fallback: boolean = false): ListenAddress {
  return { address, family, ipv6Only, fallback };
}

function distinct(found: readonly HostAddress[]): readonly HostAddress[] {
  return [...new Map(found.map((one) => [one.address, one])).values()];
}
