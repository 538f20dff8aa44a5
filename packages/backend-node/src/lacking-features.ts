import type { NetFeature } from "@arborio/core/backend";

// Where libuv asks for it, and the system deals connections out. AIX and Solaris have it by their version, which Node does not tell.
const SHARING_PORTS = new Set(["android", "freebsd", "linux"]);

/** What a Node of that version cannot do there. */
export function lackingFeatures(version: string, platform: string): ReadonlySet<NetFeature> {
  const lacking = new Set<NetFeature>();
  if (!takesReusePort(version) || !SHARING_PORTS.has(platform))
    lacking.add("reuse-port").add("udp-reuse-port");
  if (platform === "openbsd") lacking.add("dual-stack");
  return lacking;
}

/** Since 22.12 and 23.1; before, the option is ignored. */
function takesReusePort(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}
