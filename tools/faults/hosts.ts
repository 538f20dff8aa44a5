import type { Fault } from "./fault.ts";

const resolver = "packages/net/src/resolver.ts";
const clear = "packages/net/src/clear-path.ts";
const unix = ["clear-path", "unix"].map((name) => `packages/net/test/${name}.test.ts`);
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
    name: "a-resolvers-answer-is-used-as-it-is",
    file: resolver,
    find: "return familyOf(address) === family ? { address, family } : undefined;",
    replace: "return familyOf(address) === family ? (one as HostAddress) : undefined;",
    tests: names,
  },
  {
    name: "a-socket-that-was-left-is-removed-without-a-claim",
    file: clear,
    find: "const claim = await claimOn(unix, path, left, signal, depth + 1);",
    replace: "const claim = { close: async (): Promise<void> => {} };",
    tests: unix,
  },
  {
    name: "the-holder-of-a-claim-does-not-look-again",
    file: clear,
    find: 'if ((await unix.identify(path)) !== left || (await stateOf(unix, path, signal)) !== "left") return false;',
    replace: "",
    tests: unix,
  },
  {
    name: "a-claim-is-not-given-back",
    file: clear,
    find: "    await claim.close();\n",
    replace: "",
    tests: unix,
  },
  {
    name: "a-claim-that-was-left-is-for-good",
    file: clear,
    find: "const DEEPEST = 8;",
    replace: "const DEEPEST = 1;",
    tests: unix,
  },
];
