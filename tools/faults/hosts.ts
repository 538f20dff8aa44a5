import type { Fault } from "./fault.ts";

const resolver = "packages/net/src/resolver.ts";
const names = ["packages/net/test/names.test.ts"];

/** Faults where the library meets its host, and what the program puts in the host's place. */
export const hosts: readonly Fault[] = [
  {
    name: "a-resolver-that-never-answers-is-waited-for",
    file: resolver,
    find: "await awaitPromise<unknown>(found, { signal, waitingFor, real: false })",
    replace: "await found",
    tests: names,
  },
  {
    name: "a-resolver-may-give-addresses-of-any-length",
    file: resolver,
    find: " || address.length > LONGEST_ADDRESS",
    replace: "",
    tests: names,
  },
  {
    name: "a-resolvers-answer-is-used-as-it-is",
    file: resolver,
    find: "return familyOf(address) === family ? { address, family } : undefined;",
    replace: "return familyOf(address) === family ? (one as HostAddress) : undefined;",
    tests: names,
  },
];
