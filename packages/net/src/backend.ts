import { UnsupportedError } from "@arborio/core";
import type { NetBackend, NetFeature } from "@arborio/core/backend";
import { capability, currentRuntime } from "@arborio/core/lowlevel";

/** What of a network a backend may lack. */
type Part = "unix" | "udp" | "tls";

const NAMES: Readonly<Record<Part, string>> = { unix: "UNIX sockets", udp: "UDP", tls: "TLS" };

/**
 * A part of the current backend's network.
 * @throws UnsupportedError that names both if there is none
 */
export function netPart<P extends Part>(
  part: P,
  action: string,
  signal: AbortSignal | undefined,
): NonNullable<NetBackend[P]> {
  const net = capability("net", action, signal);
  return net[part] ?? lacking(action, NAMES[part], signal, net.remedies?.[part]);
}

/** @throws UnsupportedError if `wanted`, and the current backend's network does not have the feature */
export function requireFeature(
  feature: NetFeature,
  wanted: boolean,
  action: string,
  signal: AbortSignal | undefined,
): void {
  if (!wanted) return;
  const { lacks, remedies } = capability("net", action, signal);
  if (lacks.has(feature)) lacking(action, feature.replaceAll("-", " "), signal, remedies?.[feature]);
}

/**
 * @param remedy how the user gets it, if that is up to them
 * @throws UnsupportedError, always
 */
export function lacking(
  action: string,
  what: string,
  signal: AbortSignal | undefined,
  remedy?: string,
): never {
  const name = currentRuntime(signal).backend?.name ?? "none";
  const advice = remedy === undefined ? "" : `: ${remedy}`;
  throw new UnsupportedError(`Cannot ${action}: backend '${name}' has no ${what}${advice}`);
}
