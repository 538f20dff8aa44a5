const FORBIDDEN = /[\s/?#@\\:]/;
// eslint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

/**
 * A host's name in ASCII, by UTS 46 as the platform's URLs have it: `faß.de` is `xn--fa-hia.de`, and not `fass.de`. Names that
 * are ASCII already, and addresses, stay as they are.
 */
export function toAsciiHost(action: string, host: string): string {
  if (ASCII.test(host)) return host;
  const url = FORBIDDEN.test(host) ? undefined : parsed(host);
  if (url !== undefined) return url.hostname;
  throw new TypeError(`Cannot ${action}: the host is no name, received ${JSON.stringify(host)}`);
}

function parsed(host: string): URL | undefined {
  try {
    return new URL(`http://${host}/`);
  } catch {
    return undefined;
  }
}
