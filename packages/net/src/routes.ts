import type { WaitOptions } from "@arborio/core";
import { OSError, type HostAddress, type RawConnectOptions } from "@arborio/core/backend";
import { formatEndpoint } from "./endpoint.ts";
import { interleave } from "./happy-eyeballs.ts";
import { resolve } from "./resolver.ts";

/** From where to where to connect, in names or addresses. */
export interface Journey {
  readonly host: string;
  readonly port: number;
  readonly localHost: string | undefined;
  readonly localPort: number | undefined;
}

/** The same in addresses, in the order in which to try them; at least one. From `localHost` there are ways to its families alone. */
export async function routesFor(
  { host, port, localHost, localPort }: Journey,
  { signal }: WaitOptions,
): Promise<[RawConnectOptions, ...RawConnectOptions[]]> {
  const own = localHost === undefined ? undefined : await resolve("connect", localHost, { signal });
  const found = interleave(await resolve("connect", host, { signal }));
  const [first, ...others] = found.flatMap(({ address, family }): RawConnectOptions[] => {
    const route = { address, port, localPort };
    if (own === undefined) return [route];
    const from = ofFamily(own, family);
    return from === undefined ? [] : [{ ...route, localAddress: from }];
  });
  if (first !== undefined) return [first, ...others];
  throw new OSError({
    code: "EADDRNOTAVAIL",
    syscall: "connect",
    address: formatEndpoint(host, port),
    reason: `${String(localHost)} has no address of its family`,
  });
}

function ofFamily(addresses: readonly HostAddress[], wanted: string): string | undefined {
  return addresses.find(({ family }) => family === wanted)?.address;
}
