import type { AddressFamily } from "@arborio/core/backend";
import { show } from "@arborio/core/lowlevel";
import { checkHost } from "./arguments.ts";

const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);
/** And its scope, if it is link-local: a name or a number of an interface. */
const IPV6 = /^([\da-f:]+(?:\.[\d.]+)?)(?:%[\w.~-]+)?$/i;
/** RFC 1035: a name has 253 bytes at most, and the dot of the root may end it. No address is longer. */
const LONGEST = 254;
/** No host name holds these. The parser of URLs would drop some, decode some, and end the host at others. */
const FORBIDDEN = /[\0- #%/:<>?@[\\\]^`{|}\x7F]/;
/** Labels of at most 63 bytes, 253 in all. */
const NAME = /^(?=.{1,253}\.?$)[^.]{1,63}(?:\.[^.]{1,63})*\.?$/;

/** The family of a numeric address; undefined for what is none, as a name. */
export function familyOf(host: string): AddressFamily | undefined {
  // First: what comes after takes time for each character.
  if (host.length > LONGEST) return undefined;
  if (IPV4.test(host)) return "ipv4";
  const address = IPV6.exec(host)?.[1];
  return address?.includes(":") === true && parsed(`[${address}]`) !== undefined ? "ipv6" : undefined;
}

/**
 * A host as resolvers and certificates know it: a numeric address as it is, a name in ASCII, by UTS 46, non-transitional:
 * `faß.de` is `xn--fa-hia.de`, not `fass.de`.
 *
 * @throws TypeError for what is neither
 */
export function toAsciiHost(action: string, host: string, name = "host"): string {
  if (familyOf(checkHost(action, host, name)) !== undefined) return host;
  const ascii = host.length > LONGEST || FORBIDDEN.test(host) ? undefined : parsed(host);
  if (ascii !== undefined && NAME.test(ascii)) return ascii;
  throw new TypeError(`Cannot ${action}: ${name} must be a name or an address, received ${show(host)}`);
}

/** Whether this may be the name in a TLS handshake (RFC 6066 §3): that of a host, in ASCII. */
export function isServerName(name: string): boolean {
  return name.length <= LONGEST && /^[\w.-]+$/.test(name) && NAME.test(name);
}

/** What the platform makes of the host of a URL. */
function parsed(host: string): string | undefined {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
