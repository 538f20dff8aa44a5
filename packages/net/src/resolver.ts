import { RunVar, type WaitOptions } from "@arborio/core";
import { OSError, type AddressFamily, type HostAddress } from "@arborio/core/backend";
import { cancelledNow, capability, park, wrongType } from "@arborio/core/lowlevel";
import { familyOf } from "./host-name.ts";
import { lookUp } from "./lookups.ts";

/** What is asked of a resolver. */
export interface ResolveOptions extends WaitOptions {
  /** Addresses of this family alone; by default of both. */
  readonly family?: AddressFamily | undefined;
}

/** Knows the addresses of hosts. */
export interface Resolver {
  /**
   * The addresses of a name, the best first. It is called in the task that asks, and is to stop as that is cancelled;
   * `signal` is what was given to the call, for what it waits for.
   *
   * @param host ASCII, and no numeric address
   */
  lookup(host: string, options: ResolveOptions): PromiseLike<readonly HostAddress[]>;
}

const chosen = /* @__PURE__ */ new RunVar<Resolver>("resolver");

/**
 * Sets who resolves names for all tasks of this run, in place of the system; undefined: the system again. Gives who did before.
 *
 * @throws TypeError for what is no resolver
 */
export function setResolver(
  resolver: Resolver | undefined,
  { signal }: WaitOptions = {},
): Resolver | undefined {
  if (resolver !== undefined && typeof (resolver as Resolver | null)?.lookup !== "function")
    throw wrongType("set the resolver", "it must have a method lookup", resolver);
  const before = chosen.get({ signal });
  chosen.set(resolver as Resolver, { signal });
  return before;
}

/** The addresses of a host in their order, at least one; a numeric address is its own. */
export async function resolve(
  action: string,
  host: string,
  { family, signal }: ResolveOptions,
): Promise<readonly HostAddress[]> {
  const numeric = familyOf(host);
  const found =
    numeric === undefined
      ? await lookedUp(action, host, { family, signal })
      : [{ address: host, family: numeric }];
  const matching = found.filter((one) => family === undefined || one.family === family);
  if (matching.length > 0) return matching;
  throw new OSError({
    code: "ENOTFOUND",
    syscall: "getaddrinfo",
    address: host,
    reason: `it has no ${family ?? "numeric"} address`,
  });
}

async function lookedUp(
  action: string,
  host: string,
  options: ResolveOptions,
): Promise<readonly HostAddress[]> {
  if (cancelledNow(options)) return park(options);
  const resolver = chosen.get(options) ?? system(action, options);
  const found: unknown = await resolver.lookup(host, options);
  if (Array.isArray(found) && found.every(isAddress)) return found as HostAddress[];
  throw new TypeError(`Cannot ${action}: the resolver must give numeric addresses with their families`);
}

function isAddress(one: unknown): boolean {
  const { address, family } = Object(one) as Partial<HostAddress>;
  return typeof address === "string" && family !== undefined && familyOf(address) === family;
}

/** The system's: of the backend's network. */
function system(action: string, { signal }: WaitOptions): Resolver {
  const net = capability("net", action, signal);
  return {
    lookup: (host, options) =>
      lookUp(net, async () => net.lookup(host), `the addresses of ${host}`, { signal: options.signal }),
  };
}
