import type { NetFeature } from "@arborio/core/backend";
import type { DenoHost } from "./host-types.ts";

/** What this Deno cannot do. */
export function lackingFeatures(deno: DenoHost): ReadonlySet<NetFeature> {
  const lacking = new Set<NetFeature>(["local-address", "reset", "udp-reuse-port", "ipv6-only"]);
  // Both are there with --unstable-net only. To ask for a shared port without it ends the process: it cannot be tried.
  if (deno.listenDatagram === undefined) lacking.add("reuse-port");
  return lacking;
}
