import { RunVar, type WaitOptions } from "@arborio/core";
import { OSError, type AddressFamily, type HostAddress } from "@arborio/core/backend";
import { awaitPromise, begin, cancelledNow, capability, park, wrongType } from "@arborio/core/lowlevel";
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
   * The addresses of a name, the best first; at most 4096. It is called in the task that asks, and `signal` is what was given
   * to the call, for what it waits for.
   *
   * **Cancellation** The resolver should stop when the task is cancelled. The task does not wait for it: a value or an error
   * that comes later is dropped.
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
  const { signal } = options;
  const waitingFor = `the addresses of ${host}`;
  const resolver = chosen.get(options);
  if (resolver !== undefined) {
    const found = begin(() => resolver.lookup(host, options), undefined);
    // It may wait by the library itself, so the scheduler is not told of a real operation.
    return checkAddresses(action, await awaitPromise<unknown>(found, { signal, waitingFor, real: false }));
  }
  const net = capability("net", action, signal);
  return checkAddresses(action, await lookUp(net, async () => net.lookup(host), waitingFor, { signal }));
}

/** A DNS message has room for no more. */
const MOST_ADDRESSES = 4096;

/** What a resolver gave, copied: nobody else can change it, and its fields are read once. */
function checkAddresses(action: string, found: unknown): readonly HostAddress[] {
  const few = Array.isArray(found) && found.length <= MOST_ADDRESSES;
  const addresses = few ? Array.from(found, numericAddress) : [undefined];
  if (addresses.every((one) => one !== undefined)) return addresses;
  throw new TypeError(
    `Cannot ${action}: the resolver must give numeric addresses with their families, at most ${String(MOST_ADDRESSES)}`,
  );
}

function numericAddress(one: unknown): HostAddress | undefined {
  const { address, family } = Object(one) as Partial<HostAddress>;
  if (typeof address !== "string" || family === undefined) return undefined;
  return familyOf(address) === family ? { address, family } : undefined;
}
